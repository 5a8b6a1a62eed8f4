namespace QStash.Emulator.Dashboard;

/// <summary>A user that the page can switch to. Its token is public.</summary>
sealed record DashboardUser(string Name, string Token)
{
    /// <summary>The name of the user, without credentials.</summary>
    public override string ToString() => Name;
}
