using System.Net.Http.Headers;
using System.Text.Json;
using MassTransit.QStash.Soak.Judging;

namespace MassTransit.QStash.Soak.Processes;

/// <summary>What the judge asks the emulator. Not with our own client, whose mistakes it might be looking for.</summary>
sealed class EmulatorApi(Uri url) : IDisposable
{
    const string Token = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=";

    readonly HttpClient _http = new() { BaseAddress = url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };

    public async Task AddFaultAsync(object rule)
    {
        using var response = await _http.PostAsJsonAsync("/emulator/faults", rule);
        response.EnsureSuccessStatusCode();
    }

    public async Task ClearFaultsAsync()
    {
        using var response = await _http.DeleteAsync(new Uri("/emulator/faults", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>How often each action was hit since the emulator started.</summary>
    public async Task<Dictionary<string, int>> HitsAsync() =>
        (await GetAsync("/emulator/faults")).EnumerateArray().ToDictionary(
            static fault => fault.GetProperty("action").GetString()!,
            static fault => fault.GetProperty("hits").GetInt32());

    /// <summary>How many messages have not reached a final state.</summary>
    public async Task<int> PendingAsync() =>
        (await GetAsync("/emulator/state")).GetProperty("users").EnumerateArray().Sum(static user => user.GetProperty("messages").GetArrayLength());

    public async Task<List<DeadOrder>> DeadLettersAsync()
    {
        List<DeadOrder> letters = [];
        await foreach (var letter in PagesAsync("/v2/dlq?", "messages"))
        {
            using var body = JsonDocument.Parse(letter.GetProperty("body").GetString()!);
            letters.Add(new DeadOrder(
                new Uri(letter.GetProperty("url").GetString()!).Segments[^1], body.RootElement.GetProperty("message").GetProperty("order").GetInt32()));
        }

        return letters;
    }

    /// <summary>The messages delivered since a time in unix milliseconds, with the time of each.</summary>
    public IAsyncEnumerable<(string Id, long Time)> DeliveredAsync(long since) =>
        PagesAsync($"/v2/logs?state=DELIVERED&order=earliestFirst&fromDate={since}&", "logs")
            .Select(static entry => (entry.GetProperty("messageId").GetString()!, entry.GetProperty("time").GetInt64()));

    /// <summary>What the schedules are set to, by id; without what changes with each of their messages.</summary>
    public async Task<Dictionary<string, string>> SchedulesAsync() => (await GetAsync("/v2/schedules")).EnumerateArray().ToDictionary(
        static schedule => schedule.GetProperty("scheduleId").GetString()!,
        static schedule => string.Join(' ', ((string[])["scheduleId", "cron", "destination", "isPaused"])
            .Select(name => schedule.TryGetProperty(name, out var value) ? value.ToString() : "")));

    /// <summary>Adds or replaces a schedule.</summary>
    /// <returns>False if one of the faults of the API was hit; then it is there or not.</returns>
    public async Task<bool> AddScheduleAsync(string id, string cron, Uri destination)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/schedules/{destination.AbsoluteUri}") { Content = new StringContent("{}") };
        request.Headers.Add("Upstash-Schedule-Id", id);
        request.Headers.Add("Upstash-Cron", cron);
        try
        {
            using var response = await _http.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task DeleteScheduleAsync(string id)
    {
        using var response = await _http.DeleteAsync(new Uri($"/v2/schedules/{id}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The messages that somebody cancelled.</summary>
    public async Task<List<string>> CanceledAsync()
    {
        List<string> ids = [];
        await foreach (var entry in PagesAsync("/v2/logs?state=CANCELED&", "logs"))
            ids.Add(entry.GetProperty("messageId").GetString()!);

        return ids;
    }

    public void Dispose() => _http.Dispose();

    async IAsyncEnumerable<JsonElement> PagesAsync(string path, string member)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync(path + (cursor.Length > 0 ? "cursor=" + cursor : ""));
            foreach (var item in page.GetProperty(member).EnumerateArray())
                yield return item;

            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
    }

    Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path);
}
