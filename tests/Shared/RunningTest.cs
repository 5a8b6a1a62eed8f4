namespace QStash.Tests;

/// <summary>What every test has at hand, in all projects.</summary>
static class RunningTest
{
    /// <summary>Is cancelled when the running test is given up.</summary>
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
