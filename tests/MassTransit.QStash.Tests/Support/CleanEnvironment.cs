using System.Runtime.CompilerServices;
using MassTransit.QStash.Tests.Compliance;

namespace MassTransit.QStash.Tests.Support;

static class CleanEnvironment
{
    // A developer's own account must not complete the settings whose absence is tested.
    [ModuleInitializer]
    internal static void RemoveOfficialVariables()
    {
        RealQStashSettings.ReadEnvironment();

        foreach (var name in new[] { "QSTASH_URL", "QSTASH_TOKEN", "QSTASH_CURRENT_SIGNING_KEY", "QSTASH_NEXT_SIGNING_KEY", "QSTASH_REGION" })
            Environment.SetEnvironmentVariable(name, null);
    }
}
