using MassTransit.QStashTransport.Hosting;

namespace MassTransit.Testing;

/// <summary>
/// The settings that the test environment makes for a service.
/// </summary>
sealed class TestSettings(QStashTestEnvironment environment, string serviceName) : IQStashSettingsOverride
{
    public void Apply(QStashTransportOptions options)
    {
        var user = environment.Emulator.DefaultUser;

        options.UseEmulator = true;
        options.Url = environment.Emulator.Url;
        options.Token = user.Token;
        options.CurrentSigningKey = user.CurrentSigningKey;
        options.NextSigningKey = user.NextSigningKey;
        options.RegionSigningKeys.Clear();
        options.BaseAddress = QStashTestEnvironment.GetAddress(serviceName);
        options.InstanceBaseAddress = null;
    }
}
