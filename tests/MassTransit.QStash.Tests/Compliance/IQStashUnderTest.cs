using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests.Compliance;

/// <summary>
/// A QStash and one service it reaches. Only what the real service has too: no control, no clock of its own.
/// </summary>
interface IQStashUnderTest : IAsyncDisposable
{
    IQStashClient Client { get; }

    /// <summary>Where the API is.</summary>
    Uri Url { get; }

    string Token { get; }

    ComplianceReport Report { get; }

    Task<Service> StartServiceAsync(Action<ServiceBuilder> configure);

    /// <summary>Lets time pass, where time can be told to. Elsewhere it passes while the test waits for what it expects.</summary>
    Task PassTimeAsync(TimeSpan by);

    /// <summary>Waits until something is so.</summary>
    Task EventuallyAsync(Func<Task<bool>> condition);
}
