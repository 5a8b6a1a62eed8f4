namespace MassTransit.QStash.Soak.Processes;

/// <summary>What goes wrong besides the kills, as bodies for the emulator's <c>/emulator/faults</c>.</summary>
static class Faults
{
    /// <summary>How many attempts to deliver meet each of their faults, and how many calls of the API each of theirs.</summary>
    const double Attempts = 0.01;
    const double Calls = 0.02;

    public static IEnumerable<object> Rules(int seed) =>
    [
        // The consumer has handled the message, and QStash never sees the 200.
        new { action = "dropAnswer", probability = Attempts, seed },
        new { action = "duplicate", probability = Attempts, seed = seed + 1 },
        new { action = "refuse", probability = Attempts, seed = seed + 2 },
        new { action = "corruptSignature", probability = Attempts, seed = seed + 3 },
        new { action = "reorder", probability = Attempts, seed = seed + 4, delay = "1s" },
        new { action = "delay", probability = Attempts, seed = seed + 5, delay = "2s" },
        // QStash has the message, and who published it never sees the answer. Only what changes something: the judge reads.
        new { action = "dropApiAnswer", method = "POST", probability = Calls, seed = seed + 6 },
        new { action = "burstLimit", method = "POST", probability = Calls, seed = seed + 7 },
        new { action = "dailyLimit", method = "POST", probability = Calls, seed = seed + 8 },
        new { action = "serverError", method = "POST", probability = Calls, seed = seed + 9 },
    ];
}
