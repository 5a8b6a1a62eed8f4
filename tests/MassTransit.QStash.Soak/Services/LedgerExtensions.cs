using MassTransit.QStash.Soak.Judging;

namespace MassTransit.QStash.Soak.Services;

static class LedgerExtensions
{
    /// <summary>Marks what the proxy sent again: its ids are forged, and QStash does not hear the answer.</summary>
    public const string CopyHeader = "Soak-Copy";

    public static void Write(this Ledger ledger, LedgerKind kind, int order, ConsumeContext context) =>
        ledger.Write(new LedgerEntry(kind, order, IsCopy(context) ? "" : context.ReceiveContext.GetQStashMessage()!.MessageId));

    /// <summary>Records each answer before its first byte leaves, so that no acknowledgement is seen without its record.</summary>
    public static void UseAnswerLedger(this WebApplication app, Ledger ledger) => app.Use(async (http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            if (!IsCopy(http))
                ledger.Write(new LedgerEntry(LedgerKind.Answered, http.Response.StatusCode, http.Request.Headers["Upstash-Message-Id"].ToString()));
            return Task.CompletedTask;
        });
        await next(http);
    });

    /// <summary>Records what reaches an endpoint, before any inbox sees it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="ledger">Where to.</param>
    /// <param name="order">Tells the order of a message.</param>
    public static void UseArrivalLedger<T>(this IReceiveEndpointConfigurator endpoint, Ledger ledger, Func<T, int> order)
        where T : class => endpoint.UseExecute(context =>
    {
        if (context.TryGetMessage<T>(out var consumeContext))
            ledger.Write(LedgerKind.Arrived, order(consumeContext.Message), context);
    });

    static bool IsCopy(ConsumeContext context) => context.ReceiveContext.TryGetPayload(out HttpContext? http) && IsCopy(http);

    static bool IsCopy(HttpContext http) => http.Request.Headers.ContainsKey(CopyHeader);
}
