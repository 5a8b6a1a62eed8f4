namespace QStash.Emulator.Dashboard;

/// <summary>The settings that the page reads once, when it opens. The first user is the default one.</summary>
sealed record DashboardSettings(List<DashboardUser> Users, bool VirtualClock);
