namespace QStash.Emulator.Dashboard;

/// <summary>A user the page can switch to. Its token is one of those QStash publishes.</summary>
sealed record DashboardUser(string Name, string Token)
{
    /// <summary>The name; no credentials.</summary>
    public override string ToString() => Name;
}
