namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Has the last word on the settings of every bus of the application, after configuration and code. For tests.
/// </summary>
interface IQStashSettingsOverride
{
    void Apply(QStashTransportOptions options);
}
