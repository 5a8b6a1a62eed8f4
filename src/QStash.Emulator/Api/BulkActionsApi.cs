using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#bulk-actions
/// <summary>Lists the cancels by filter, and shows their progress.</summary>
sealed class BulkActionsApi(DeliveryScheduler scheduler)
{
    const int MaxCount = 1000;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/bulkActions", ListAsync);
        endpoints.MapGet("/v2/bulkActions/{id}", GetAsync);
    }

    async Task ListAsync(HttpContext context)
    {
        var account = context.Account();
        var parameters = await FilterParameters.ReadAsync(context);
        var state = parameters.Text("state")?.ToUpperInvariant();
        if (state is not (null or BulkActionAnswer.InProgress or BulkActionAnswer.Finished))
            throw ApiException.BadRequest($"invalid state: it must be {BulkActionAnswer.InProgress} or {BulkActionAnswer.Finished}");

        BulkActionPage answer;
        lock (account.Gate)
        {
            account.BulkActions.DropExpired(scheduler.Now);
            var page = Page<BulkAction>.Of(
                account.BulkActions.All, action => state is null || state == BulkActionAnswer.StateOf(action), parameters,
                static action => (action.CreatedAt, action.Sequence), MaxCount);
            answer = new BulkActionPage(page.Items.ConvertAll(BulkActionAnswer.Of), page.Cursor);
        }

        await context.AnswerAsync(answer, EmulatorJson.Default.BulkActionPage);
    }

    async Task GetAsync(HttpContext context)
    {
        var account = context.Account();
        var id = context.RouteText("id");
        BulkActionAnswer answer;
        lock (account.Gate)
        {
            account.BulkActions.DropExpired(scheduler.Now);
            answer = BulkActionAnswer.Of(account.BulkActions.Find(id) ?? throw ApiException.NotFound($"bulk action {id} not found"));
        }

        await context.AnswerAsync(answer, EmulatorJson.Default.BulkActionAnswer);
    }
}
