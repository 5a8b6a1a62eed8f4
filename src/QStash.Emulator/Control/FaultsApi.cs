using System.Text.Json;
using QStash.Emulator.Api;
using QStash.Emulator.Errors;
using QStash.Emulator.Faults;
using QStash.Emulator.Http;
using QStash.Emulator.Snapshots;

namespace QStash.Emulator.Control;

/// <summary><c>/emulator/faults</c>: lists, adds and removes fault rules.</summary>
sealed class FaultsApi(FaultRules rules)
{
    static readonly string Actions = string.Join(", ", Enum.GetNames<FaultAction>().Select(JsonNamingPolicy.CamelCase.ConvertName));

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/emulator/faults", ListAsync);
        endpoints.MapPost("/emulator/faults", AddAsync);
        endpoints.MapDelete("/emulator/faults", Clear);
        endpoints.MapDelete("/emulator/faults/{id}", Remove);
    }

    Task ListAsync(HttpContext context) =>
        context.AnswerAsync([.. rules.All.Select(FaultSnapshot.Of)], SnapshotJson.Default.ListFaultSnapshot);

    async Task AddAsync(HttpContext context)
    {
        var body = await ControlBody.ReadAsync(
            context, "action", "destination", "label", "urlGroup", "method", "path", "probability", "count", "seed", "delay");
        var rule = new FaultRule(Action(body))
        {
            Destination = JsonBody.OptionalText(body, "destination"),
            Label = JsonBody.OptionalText(body, "label"),
            UrlGroup = JsonBody.OptionalText(body, "urlGroup"),
            Method = JsonBody.OptionalText(body, "method"),
            Path = JsonBody.OptionalText(body, "path"),
            Probability = ControlBody.OptionalNumber(body, "probability") ?? 1,
            Count = JsonBody.OptionalInteger(body, "count"),
            Seed = JsonBody.OptionalInteger(body, "seed"),
            Delay = ControlBody.OptionalDuration(body, "delay"),
        };
        if (rule.FindProblem() is { } problem)
            throw ApiException.BadRequest($"invalid {JsonNamingPolicy.CamelCase.ConvertName(problem.Member)}: {problem.Why}");

        await context.AnswerAsync(FaultSnapshot.Of(rules.Add(rule)), SnapshotJson.Default.FaultSnapshot, StatusCodes.Status201Created);
    }

    Task Clear(HttpContext context)
    {
        rules.Clear();
        return Task.CompletedTask;
    }

    Task Remove(HttpContext context)
    {
        var id = context.RouteText("id");
        return rules.Remove(id) ? Task.CompletedTask : throw ApiException.NotFound($"fault {id} not found");
    }

    static FaultAction Action(JsonElement body)
    {
        var name = JsonBody.OptionalText(body, "action");
        foreach (var action in Enum.GetValues<FaultAction>())
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(action.ToString()).Equals(name, StringComparison.OrdinalIgnoreCase))
                return action;
        }

        throw ApiException.BadRequest($"invalid action: it must be one of {Actions}");
    }
}
