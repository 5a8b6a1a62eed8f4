namespace QStash.Emulator.Dashboard;

/// <summary>What the page asks once, when it opens. The first user is the default one.</summary>
sealed record DashboardSettings(List<DashboardUser> Users, bool VirtualClock);
