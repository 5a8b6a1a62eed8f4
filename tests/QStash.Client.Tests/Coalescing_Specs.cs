using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace QStash.Client.Tests;

/// <summary>Publishes of many callers that travel together (S3).</summary>
public sealed class Publishes_that_wait_together : IAsyncDisposable
{
    readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ManualClock _network = new();
    ScriptedQStash _qstash = null!;
    RegisteredClient _client = null!;

    [Fact]
    public async Task Are_sent_at_once_when_nothing_is_under_way()
    {
        await Start();

        var receipts = await Publish("1");
        await Publish("2");

        Assert.Equal("msg_1", Assert.Single(receipts).MessageId);
        Assert.Equal(["/v2/publish/https://a.example", "/v2/publish/https://a.example"], Targets());
    }

    [Fact]
    public async Task Go_as_one_batch_and_each_caller_gets_its_own_receipt()
    {
        await Start(gated: 1);
        var first = Publish("1");
        await _arrived.Task.WaitAsync(Cancellation);

        var others = Enumerable.Range(2, 9).Select(number => Publish($"{number}")).ToArray();
        _gate.SetResult();

        Assert.Equal("msg_1", Assert.Single(await first).MessageId);
        for (var i = 0; i < others.Length; i++)
            Assert.Equal($"msg_{i + 2}", Assert.Single(await others[i]).MessageId);
        Assert.Equal(Enumerable.Range(2, 9).Select(number => $"{number}"), Assert.Single(Batches()));
    }

    [Fact]
    public async Task Do_not_wait_while_few_requests_are_under_way()
    {
        await Start(gated: 4);

        var publishes = Enumerable.Range(1, 6).Select(number => Publish($"{number}", $"https://{number}.example")).ToArray();
        await _arrived.Task.WaitAsync(Cancellation);

        Assert.Equal(4, _qstash.Requests.Count);
        _gate.SetResult();
        await Task.WhenAll(publishes);
        // Four requests are answered at the same time, so two of them may send one each.
        Assert.InRange(_qstash.Requests.Count, 5, 6);
    }

    [Fact]
    public async Task Arrive_in_the_order_of_the_calls_also_around_a_binary_body()
    {
        await Start(gated: 1);
        List<Task> publishes = [Publish("1")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Publish("2"));
        publishes.Add(Publish("3"));
        publishes.Add(_client.Api.PublishAsync(new() { Destination = "https://a.example", Body = new byte[] { 0xFF }, DeduplicationId = "4" }, Cancellation));
        publishes.Add(Publish("5"));
        publishes.Add(Publish("6"));
        _gate.SetResult();
        await Task.WhenAll(publishes);

        Assert.Equal(["/v2/publish/https://a.example", "/v2/batch", "/v2/publish/https://a.example", "/v2/batch"], Targets());
        Assert.Equal([0xFF], _qstash.Requests[2].Body);
        Assert.Equal([["2", "3"], ["5", "6"]], Batches());
    }

    [Fact]
    public async Task Through_one_queue_arrive_in_order_whatever_their_destinations()
    {
        await Start(gated: 1);
        List<Task> publishes = [Enqueue("1", "https://a.example")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Enqueue("2", "https://b.example"));
        publishes.Add(Enqueue("3", "https://a.example"));
        Assert.Single(_qstash.Requests);
        _gate.SetResult();
        await Task.WhenAll(publishes);

        Assert.Equal(["2", "3"], Assert.Single(Batches()));
        Assert.All(_qstash.Requests[1].Json.EnumerateArray(), item => Assert.Equal("orders", item.GetProperty("queue").GetString()));

        Task Enqueue(string number, string destination) => _client.Api.PublishAsync(
            new() { Destination = destination, Queue = "orders", Body = Encoding.UTF8.GetBytes(number), DeduplicationId = number }, Cancellation);
    }

    [Fact]
    public async Task That_QStash_refuses_fail_their_own_caller_only()
    {
        await Start(gated: 1);
        var publishes = new List<Task<IReadOnlyList<QStashReceipt>>> { Publish("1") };
        await _arrived.Task.WaitAsync(Cancellation);

        foreach (var body in (string[])["2", "quota maxDelay exceeded, current limit: 604800", "topic nobody not found", "invalid", "3"])
            publishes.Add(Publish(body));
        _gate.SetResult();

        Assert.Equal("msg_2", Assert.Single(await publishes[1]).MessageId);
        Assert.Equal("quota maxDelay exceeded, current limit: 604800", (await Assert.ThrowsAsync<QStashQuotaException>(() => publishes[2])).Error);
        await Assert.ThrowsAsync<QStashNotFoundException>(() => publishes[3]);
        await Assert.ThrowsAsync<QStashBadRequestException>(() => publishes[4]);
        Assert.Equal("msg_3", Assert.Single(await publishes[5]).MessageId);
    }

    [Fact]
    public async Task That_break_a_rule_are_refused_before_they_could_spoil_a_batch()
    {
        await Start(gated: 1);
        List<Task> publishes = [Publish("1")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Publish("2"));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Api.PublishAsync(
            new() { Destination = "https://a.example", Retries = -1, DeduplicationId = "3" }, Cancellation));
        publishes.Add(Publish("4"));
        _gate.SetResult();
        await Task.WhenAll(publishes);

        Assert.Equal(["2", "4"], Assert.Single(Batches()));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    public async Task In_a_batch_that_is_refused_as_a_whole_get_answers_of_their_own(int status)
    {
        await Start(gated: 1, batch: _ => new Reply(status, """{"error":"no batch today"}"""));
        List<Task<IReadOnlyList<QStashReceipt>>> publishes = [Publish("1")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Publish("2"));
        publishes.Add(Publish("invalid"));
        publishes.Add(Publish("3"));
        _gate.SetResult();

        Assert.Equal("msg_2", Assert.Single(await publishes[1]).MessageId);
        await Assert.ThrowsAsync<QStashBadRequestException>(() => publishes[2]);
        Assert.Equal("msg_3", Assert.Single(await publishes[3]).MessageId);
    }

    [Fact]
    public async Task Are_repeated_after_a_lost_answer_under_the_same_ids()
    {
        var batches = 0;
        await Start(gated: 1, batch: request => ++batches == 1 ? Reply.Abort : Answer(request));
        List<Task<IReadOnlyList<QStashReceipt>>> publishes = [Publish("1")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Publish("2"));
        publishes.Add(Publish("3"));
        _gate.SetResult();
        await _client.Clock.PassNextWaitAsync();

        Assert.Equal("msg_2", Assert.Single(await publishes[1]).MessageId);
        Assert.Equal("msg_3", Assert.Single(await publishes[2]).MessageId);
        Assert.Equal(_qstash.Requests[1].Text, _qstash.Requests[2].Text);
        Assert.Equal(["2", "3"], _qstash.Requests[1].Json.EnumerateArray().Select(item => item.GetProperty("headers").GetProperty("Upstash-Deduplication-Id").GetString()));
    }

    [Fact]
    public async Task Are_not_mixed_with_those_that_must_not_be_repeated()
    {
        await Start(gated: 1);
        List<Task> publishes = [Publish("1")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Publish("2"));
        publishes.Add(Publish("3"));
        for (var number = 4; number <= 5; number++)
            publishes.Add(_client.Api.PublishAsync(new() { Destination = "https://a.example", Body = Encoding.UTF8.GetBytes($"{number}") }, Cancellation));
        _gate.SetResult();
        await Task.WhenAll(publishes);

        Assert.Equal([["2", "3"], ["4", "5"]], Batches());
    }

    [Fact]
    public async Task Are_not_disturbed_by_a_caller_who_gives_up()
    {
        await Start(gated: 1);
        using var impatient = new CancellationTokenSource();
        List<Task> publishes = [Publish("1")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Publish("2"));
        var givenUp = _client.Api.PublishAsync(Message("3"), impatient.Token);
        publishes.Add(Publish("4"));
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        _gate.SetResult();
        await Task.WhenAll(publishes);
        // It still waited, so it was not sent.
        Assert.Equal(["2", "4"], Assert.Single(Batches()));
    }

    [Fact]
    public async Task Are_answered_when_a_caller_gives_up_while_they_are_under_way()
    {
        var batchArrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var batchGate = new TaskCompletionSource();
        await Start(gated: 1, batchArrived: batchArrived, batchGate: batchGate.Task);
        using var impatient = new CancellationTokenSource();
        var first = Publish("1");
        await _arrived.Task.WaitAsync(Cancellation);
        var givenUp = _client.Api.PublishAsync(Message("2"), impatient.Token);
        var patient = Publish("3");
        _gate.SetResult();
        await batchArrived.Task.WaitAsync(Cancellation);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        batchGate.SetResult();
        Assert.Equal("msg_3", Assert.Single(await patient).MessageId);
        await first;
    }

    [Fact]
    public async Task Are_taken_back_when_all_of_their_callers_give_up()
    {
        var batchArrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Start(gated: 1, batchArrived: batchArrived, batchGate: Task.Delay(Timeout.Infinite, Cancellation));
        using var impatient = new CancellationTokenSource();
        var first = Publish("1");
        await _arrived.Task.WaitAsync(Cancellation);
        Task[] givenUp = [_client.Api.PublishAsync(Message("2"), impatient.Token), _client.Api.PublishAsync(Message("3"), impatient.Token)];
        _gate.SetResult();
        await batchArrived.Task.WaitAsync(Cancellation);

        await impatient.CancelAsync();

        foreach (var publish in givenUp)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish);
        // Its destination is free again.
        Assert.Equal("msg_4", Assert.Single(await Publish("4")).MessageId);
        await first;
    }

    [Fact]
    public async Task Fill_no_batch_beyond_its_limits()
    {
        await Start(gated: 1);
        List<Task> publishes = [Publish("0")];
        await _arrived.Task.WaitAsync(Cancellation);

        for (var number = 1; number <= 1001; number++)
            publishes.Add(Publish($"{number}"));
        for (var number = 1002; number <= 1004; number++)
            publishes.Add(Publish($"{number} {new string('x', 2_000_000)}"));
        _gate.SetResult();
        await Task.WhenAll(publishes);

        Assert.Equal([1000, 3], Batches().Select(batch => batch.Count));
        Assert.Equal("/v2/publish/https://a.example", _qstash.Requests[^1].RawTarget);
        Assert.StartsWith("1004", _qstash.Requests[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_a_rate_limit_fail_with_the_time_it_ends()
    {
        await Start(gated: 1, batch: _ => new Reply(429, "", ("RateLimit-Limit", "1000"), ("RateLimit-Reset", "1700086400")));
        List<Task<IReadOnlyList<QStashReceipt>>> publishes = [Publish("1")];
        await _arrived.Task.WaitAsync(Cancellation);

        publishes.Add(Publish("2"));
        publishes.Add(Publish("3"));
        _gate.SetResult();

        await publishes[0];
        foreach (var publish in publishes.Skip(1))
            Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_086_400), (await Assert.ThrowsAsync<QStashDailyLimitException>(() => publish)).ResetAt);
    }

    // The clock stands still, so the round trip takes what the test lets it take.
    [Theory]
    [InlineData(12, 3)]
    [InlineData(2, 1)]
    [InlineData(40, 5)]
    public async Task After_a_batch_wait_a_part_of_its_round_trip_for_those_who_were_answered_with_it(int roundTrip, int wait)
    {
        await SendBatch(_network, () => _network.Advance(TimeSpan.FromMilliseconds(roundTrip)), "2", "3", "4");
        Task[] again = [Publish("5"), Publish("6")];

        Assert.Equal(TimeSpan.FromMilliseconds(wait), await _network.PassNextWaitAsync());
        await Task.WhenAll(again);
        Assert.Equal([["2", "3", "4"], ["5", "6"]], Batches());
    }

    [Fact]
    public async Task After_a_batch_wait_no_longer_than_until_all_are_back()
    {
        await SendBatch(_network, () => _network.Advance(TimeSpan.FromMilliseconds(20)), "2", "3");
        Task[] again = [Publish("4"), Publish("5")];

        await Task.WhenAll(again);
        Assert.Equal([["2", "3"], ["4", "5"]], Batches());
    }

    [Fact]
    public async Task Do_not_wait_for_a_virtual_clock_that_moved_during_a_batch()
    {
        await SendBatch(TimeProvider.System, () => _client.Clock.Advance(TimeSpan.FromMilliseconds(100)), "2", "3");

        await Publish("4");
        Assert.Equal(3, _qstash.Requests.Count);
    }

    [Fact]
    public async Task To_many_destinations_leave_nothing_behind_when_their_callers_give_up()
    {
        await Start(gated: 4);
        using var impatient = new CancellationTokenSource();
        var first = Enumerable.Range(1, 4).Select(number => Publish($"{number}", $"https://{number}.example")).ToArray();
        await _arrived.Task.WaitAsync(Cancellation);

        var givenUp = Enumerable.Range(5, 20)
            .Select(number => (Task)_client.Api.PublishAsync(Message($"{number}", $"https://{number}.example"), impatient.Token)).ToArray();
        await impatient.CancelAsync();
        foreach (var publish in givenUp)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish);
        _gate.SetResult();
        await Task.WhenAll(first);

        Assert.Equal("msg_25", Assert.Single(await Publish("25", "https://5.example")).MessageId);
        Assert.Equal(5, _qstash.Requests.Count);
    }

    [Fact]
    public async Task Do_not_wait_for_company_when_the_last_answer_was_late()
    {
        await SendBatch(_network, () => _network.Advance(TimeSpan.FromSeconds(1)), "2", "3");

        await Publish("4");
        Assert.Equal(3, _qstash.Requests.Count);
    }

    [Fact]
    public async Task As_a_batch_of_one_caller_stay_one_request()
    {
        await Start();

        var results = await _client.Api.BatchAsync([Message("1"), Message("nobody not found", "group"), Message("3", "https://b.example")], Cancellation);

        Assert.Equal(["1", "nobody not found", "3"], Assert.Single(Batches()));
        Assert.Equal(["msg_1", null, "msg_3"], results.Select(result => result.Receipts.SingleOrDefault()?.MessageId));
        Assert.Equal("nobody not found", results[1].Error);
    }

    // Publishes "1" alone, the others together while it is under way, and something happens while they are.
    async Task SendBatch(TimeProvider networkTime, Action underWay, params string[] together)
    {
        var batchArrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var batchGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Start(gated: 1, batchArrived: batchArrived, batchGate: batchGate.Task, networkTime: networkTime);
        var first = Publish("1");
        await _arrived.Task.WaitAsync(Cancellation);
        Task[] others = [.. together.Select(number => Publish(number))];
        _gate.SetResult();
        await first;

        await batchArrived.Task.WaitAsync(Cancellation);
        underWay();
        batchGate.SetResult();
        await Task.WhenAll(others);
    }

    // Answers with the body in the receipt, or as the error if it is no number.
    async Task Start(int gated = 0, Func<RecordedRequest, Reply>? batch = null, TaskCompletionSource? batchArrived = null, Task? batchGate = null, TimeProvider? networkTime = null)
    {
        _qstash = await ScriptedQStash.StartAsync();
        _client = new RegisteredClient(_qstash, options =>
        {
            options.CoalescePublishes = true;
            options.NetworkTime = networkTime ?? TimeProvider.System;
        });
        var singles = 0;

        _qstash.Then(async context =>
        {
            var request = context.Features.GetRequiredFeature<RecordedRequest>();
            if (request.RawTarget == "/v2/batch")
            {
                batchArrived?.TrySetResult();
                if (batchGate is not null)
                    await batchGate.WaitAsync(context.RequestAborted);

                return batch?.Invoke(request) ?? Answer(request);
            }

            var number = Interlocked.Increment(ref singles);
            if (number == gated)
                _arrived.SetResult();
            if (number <= gated)
                await _gate.Task.WaitAsync(context.RequestAborted);

            var answer = Result(request.Text);
            return answer.Contains("error", StringComparison.Ordinal) ? new Reply(400, answer) : Reply.Ok(answer);
        });
    }

    static Reply Answer(RecordedRequest request) =>
        Reply.Ok($"[{string.Join(',', request.Json.EnumerateArray().Select(item => Result(item.GetProperty("body").GetString()!)))}]");

    static string Result(string body) => char.IsAsciiDigit(body.FirstOrDefault('0')) || body.Length == 1
        ? JsonSerializer.Serialize(new { messageId = $"msg_{body.Split(' ')[0]}" })
        : JsonSerializer.Serialize(new { error = body });

    static QStashMessage Message(string body, string destination = "https://a.example") =>
        new() { Destination = destination, Body = Encoding.UTF8.GetBytes(body), DeduplicationId = body.Split(' ')[0] };

    Task<IReadOnlyList<QStashReceipt>> Publish(string body, string destination = "https://a.example") =>
        _client.Api.PublishAsync(Message(body, destination), Cancellation);

    string[] Targets() => _qstash.Requests.Select(request => request.RawTarget).ToArray();

    List<IReadOnlyList<string>> Batches() => _qstash.Requests
        .Where(request => request.RawTarget == "/v2/batch")
        .Select(request => (IReadOnlyList<string>)request.Json.EnumerateArray().Select(item => item.GetProperty("body").GetString()!).ToArray())
        .ToList();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _qstash.DisposeAsync();
    }
}
