namespace QStash.Emulator.Errors;

/// <summary>
/// Answers 501 to features of QStash that the emulator does not have, so that no caller waits for something that never happens.
/// </summary>
static class NotEmulated
{
    static readonly string[] Paths =
    [
        "/v2/trigger", "/v2/notify", "/v2/wait", "/v2/waiters", "/v2/workflows", "/llm", "/v2/llm",
    ];

    public static Task RefuseAsync(HttpContext context, RequestDelegate next) =>
        Array.Find(Paths, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) is { } path
            ? throw Exception(path)
            : next(context);

    /// <summary>Whether a header concerns workflows, alone or as an option of a callback.</summary>
    public static bool IsWorkflowHeader(string name) =>
        name.StartsWith("Upstash-Workflow-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Upstash-Callback-Workflow-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Upstash-Failure-Callback-Workflow-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Upstash-Callback-Failure-Callback-Workflow-", StringComparison.OrdinalIgnoreCase);

    public static ApiException Exception(string what) => new(
        StatusCodes.Status501NotImplemented,
        $"{what} is not emulated: Upstash Workflow and the LLM and email APIs need the real QStash. "
        + "Emulated are messages, batches, queues, "
        + "URL groups, schedules, callbacks, flow control, logs, the DLQ and signing keys.");
}
