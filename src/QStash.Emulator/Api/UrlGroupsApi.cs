using System.Text.Json;
using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#url-groups
/// <summary>URL groups, called topics on the wire.</summary>
sealed class UrlGroupsApi(DeliveryScheduler scheduler, Quotas quotas)
{
    const int MaxBody = 1024 * 1024;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/topics", ListAsync);
        endpoints.MapGet("/v2/topics/{name}", GetAsync);
        endpoints.MapDelete("/v2/topics/{name}", Delete);
        endpoints.MapPatch("/v2/topics/{name}", SetDefaultsAsync);
        endpoints.MapPost("/v2/topics/{name}/endpoints", AddEndpointsAsync);
        endpoints.MapDelete("/v2/topics/{name}/endpoints", RemoveEndpointsAsync);
    }

    static Task ListAsync(HttpContext context) => context.AnswerFromAsync(
        static account => account.UrlGroups.Values.Select(UrlGroupAnswer.Of).ToList(), EmulatorJson.Default.ListUrlGroupAnswer);

    static Task GetAsync(HttpContext context) => context.AnswerFromAsync(
        account => UrlGroupAnswer.Of(Find(account, context)), EmulatorJson.Default.UrlGroupAnswer);

    static Task Delete(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
        {
            if (account.UrlGroups.Remove(context.RouteText("name"), out var group))
                account.Journal?.Remove(group);
        }

        return Task.CompletedTask;
    }

    async Task SetDefaultsAsync(HttpContext context)
    {
        using var document = await ReadAsync(context);
        var headers = new HeaderBag();
        if (JsonBody.Member(document.RootElement, "headers") is { } given)
        {
            foreach (var header in JsonBody.Object(given, "headers").EnumerateObject())
                headers.AddUnchecked(header.Name, JsonBody.Texts(header.Value, header.Name));
        }

        // Refuse a bad value now, and not only at each publish.
        MessageSpecParser.Apply(MessageSpec.Default, headers);
        var account = context.Account();
        lock (account.Gate)
        {
            var group = Find(account, context);
            group.DefaultHeaders = headers;
            group.UpdatedAt = scheduler.Now;
            account.Journal?.Save(group);
        }
    }

    async Task AddEndpointsAsync(HttpContext context)
    {
        var name = ResourceName.Require(context.RouteText("name"), "URL group name");
        using var document = await ReadAsync(context);
        var endpoints = Endpoints(document.RootElement).Select(given => new UrlGroupEndpoint(
            given.Url is { } url && DestinationUrl.Normalize(url) is { } usable
                ? usable
                : throw ApiException.BadRequest("invalid url of an endpoint: it must start with http:// or https://"),
            given.Name)).ToList();
        if (endpoints.Count == 0)
            throw ApiException.BadRequest("invalid endpoints: at least one is needed");

        var account = context.Account();
        lock (account.Gate)
        {
            var now = scheduler.Now;
            var isNew = !account.UrlGroups.TryGetValue(name, out var group);
            group ??= new UrlGroup(name, now);
            if (isNew)
                quotas.CheckNewUrlGroup(account);

            quotas.CheckEndpoints(group.CountWith(endpoints));
            account.UrlGroups[name] = group;
            endpoints.ForEach(group.Upsert);
            group.UpdatedAt = now;
            account.Journal?.Save(group);
        }
    }

    async Task RemoveEndpointsAsync(HttpContext context)
    {
        using var document = await ReadAsync(context);
        var endpoints = Endpoints(document.RootElement);
        if (endpoints.Count == 0 || endpoints.Contains((null, null)))
            throw ApiException.BadRequest("invalid endpoints: each needs a name or a url, and at least one is needed");

        var account = context.Account();
        lock (account.Gate)
        {
            var group = Find(account, context);
            foreach (var (url, name) in endpoints)
                group.Endpoints.RemoveAll(endpoint => name is not null ? endpoint.Name == name : endpoint.Url == url);

            group.UpdatedAt = scheduler.Now;
            if (group.Endpoints.Count > 0)
            {
                account.Journal?.Save(group);
                return;
            }

            account.UrlGroups.Remove(group.Name);
            account.Journal?.Remove(group);
        }
    }

    static List<(string? Url, string? Name)> Endpoints(JsonElement body)
    {
        if (JsonBody.Member(body, "endpoints") is not { ValueKind: JsonValueKind.Array } endpoints)
            throw ApiException.BadRequest("invalid endpoints: it must be a JSON array");

        return [.. endpoints.EnumerateArray()
            .Select(endpoint => JsonBody.Object(endpoint, "endpoint"))
            .Select(endpoint => (
                NullIfEmpty(JsonBody.OptionalText(endpoint, "url")),
                NullIfEmpty(JsonBody.OptionalText(endpoint, "name"))))];
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        var document = JsonBody.Parse(await context.ReadBodyAsync(MaxBody, "invalid body: it is too large"));
        JsonBody.Object(document.RootElement, "body");
        return document;
    }

    static UrlGroup Find(Account account, HttpContext context)
    {
        var name = context.RouteText("name");
        return account.UrlGroups.GetValueOrDefault(name) ?? throw ApiException.NotFound($"topic {name} not found");
    }
}
