using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Durability;

public class Naming_a_data_file : DurableTest
{
    [Fact]
    public Task Refuses_a_directory() => RefusesAsync(Path.GetDirectoryName(DataPath)!, "it is a directory");

    [Fact]
    public Task Refuses_a_file_in_a_directory_that_does_not_exist() =>
        RefusesAsync(Path.Combine(DataPath + ".d", "data"), "its directory does not exist");

    [Fact]
    public async Task Refuses_a_file_that_is_no_database()
    {
        var path = DataPath + ".txt";
        await File.WriteAllTextAsync(path, new string('x', 8192), Cancellation);
        await RefusesAsync(path, "it is not a data file of the emulator");
        Assert.Equal(new string('x', 8192), await File.ReadAllTextAsync(path, Cancellation));
    }

    [Fact]
    public async Task Refuses_the_database_of_another_program()
    {
        Execute(DataPath + ".other", "CREATE TABLE theirs (id INTEGER)");
        await RefusesAsync(DataPath + ".other", "it belongs to another program");
    }

    [Fact]
    public async Task Refuses_the_file_of_a_newer_version()
    {
        await StopAsync();
        Execute(DataPath, "PRAGMA user_version = 99");
        await RefusesAsync(DataPath, "it was written by a newer version of the emulator");
    }

    [Fact]
    public async Task Refuses_a_damaged_file()
    {
        await PublishAsync("/a", null, "Upstash-Delay: 1h");
        await StopAsync();
        Execute(DataPath, "UPDATE messages SET messages = '{'");
        await RefusesAsync(DataPath, "it is damaged");
    }

    [Fact]
    public Task Refuses_a_file_that_an_emulator_has_open() => RefusesAsync(DataPath, "another process has it open");

    [Fact]
    public async Task Lets_go_of_the_file_when_it_ends()
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1h");
        await StopAsync();
        Assert.Equal(["data"], new DirectoryInfo(Path.GetDirectoryName(DataPath)!).GetFiles().Select(file => file.Name));
        await StartAsync();
        Assert.Equal(id, (await GetAsync("/v2/messages/" + id)).Id);
    }

    [Fact]
    public async Task Keeps_nothing_in_it_that_is_of_no_use_any_more()
    {
        await StopAsync();
        Emulator = await QStashEmulator.StartAsync(
            Options(QuotaPlan.None with { LogRetention = TimeSpan.FromHours(1), DeadLetterRetention = TimeSpan.FromHours(1) }), Cancellation);
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/dead" ? 500 : 200;
            return Task.CompletedTask;
        };
        await EnqueueAsync("q", "/a", "body", $"Upstash-Callback: {Sink.Url}/callback", "Upstash-Deduplication-Id: d");
        await PublishAsync("/dead", "body", "Upstash-Retries: 1");
        await PublishAsync("/dead", "body", "Upstash-Retries: 0");
        var cancelled = await PublishAsync("/a", "body", "Upstash-Delay: 1d");
        await CallAsync("DELETE", "/v2/messages/" + cancelled);
        await CallAsync("DELETE", "/v2/queues/q");
        await AdvanceAsync(2 * 3600);
        await CallAsync("DELETE", "/v2/dlq?responseStatus=500");
        await GetAsync("/v2/logs");
        var kept = await PublishAsync("/a", "body", "Upstash-Delay: 1d", "Upstash-Deduplication-Id: e");
        await StopAsync();
        Assert.Equal(
            [("attempts", 0L), ("dead_letters", 0L), ("deduplication", 1L), ("log", 1L), ("messages", 1L), ("resources", 0L)],
            Rows("attempts", "dead_letters", "deduplication", "log", "messages", "resources"));

        await StartAsync();
        await AdvanceAsync(86_400);
        Assert.Equal(kept, Sink.All[^1].Header("Upstash-Message-Id"));
    }

    [Fact]
    public async Task Has_a_batch_in_one_transaction()
    {
        var before = Commits();
        await CallAsync("POST", "/v2/batch", Enumerable.Range(0, 100).Select(i => new
        {
            destination = $"{Sink.Url}/{i}",
            headers = new Dictionary<string, string> { ["Upstash-Delay"] = "1h" },
        }));
        Assert.Equal(before + 1, Commits());
    }

    [Fact]
    public async Task Has_the_end_of_a_message_soon_although_nobody_waits_for_it()
    {
        await PublishAsync();
        while (Log().AsSpan().IndexOf("Delivered"u8) < 0)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Empties_its_log_into_itself()
    {
        var longest = 0;
        for (var i = 0; i < 80; i++)
        {
            await CallAsync("POST", "/v2/batch", Enumerable.Range(0, 20).Select(_ => new
            {
                destination = Sink.Url + "/a",
                body = new string('x', 50_000),
                headers = new Dictionary<string, string> { ["Upstash-Delay"] = "1h" },
            }));
            longest = Math.Max(longest, Log().Length);
        }

        // 80 MB were written.
        Assert.InRange(longest, 1, 40_000_000);
    }

    [Fact]
    public async Task Can_be_read_when_the_log_forgot_a_message_that_was_being_delivered()
    {
        await StopAsync();
        Emulator = await QStashEmulator.StartAsync(Options(QuotaPlan.None with { LogRetention = TimeSpan.FromHours(1) }), Cancellation);
        var (arrived, answer) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        Sink.Answer = async (_, context) =>
        {
            arrived.Release();
            await answer.WaitAsync(context.RequestAborted);
        };
        var id = await PublishAsync();
        await arrived.WaitAsync(Cancellation);
        Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Empty(await StatesAsync(id));
        answer.Release();
        await IdleAsync();
        await StopAsync();
        await StartAsync();
        Assert.Equal("DELIVERED", await StatesAsync(id));
    }

    // A publish that is repeated after a crash would be accepted a second time.
    [Fact]
    public async Task Never_has_a_message_without_its_deduplication_id()
    {
        var publishing = Task.WhenAll(Enumerable.Range(0, 8).Select(async sender =>
        {
            for (var i = 0; i < 150; i++)
                await PublishAsync("/a", null, "Upstash-Delay: 1h", $"Upstash-Deduplication-Id: {sender}-{i}");
        }));
        var withoutId = 0L;

        for (var i = 0; !publishing.IsCompleted; i++)
        {
            // What a crash would leave at this moment.
            var crashed = $"{DataPath}-crashed-{i}";
            File.Copy(DataPath, crashed);
            File.Copy(DataPath + "-wal", crashed + "-wal");
            withoutId += Execute(
                crashed,
                """
                SELECT COUNT(*) FROM messages, json_each(CAST(messages.messages AS TEXT)) AS message
                WHERE json_extract(message.value, '$.id') NOT IN (
                  SELECT json_extract(window.value, '$.message') FROM deduplication, json_each(CAST(windows AS TEXT)) AS window)
                """);
            await Task.Yield();
        }

        await publishing;
        Assert.Equal(0, withoutId);
    }

    QStashEmulatorOptions Options(QuotaPlan plan) => new() { TimeProvider = Clock, DataPath = DataPath, Quota = plan };

    IEnumerable<(string Table, long Rows)> Rows(params string[] tables) => tables.Select(table => (table, Execute(DataPath, $"SELECT COUNT(*) FROM {table}")));

    static async Task RefusesAsync(string path, string expected)
    {
        var options = new QStashEmulatorOptions { DataPath = path };
        var exception = await Assert.ThrowsAsync<DataPathException>(() => QStashEmulator.StartAsync(options, Cancellation));
        Assert.StartsWith($"QStashEmulatorOptions.DataPath '{path}' cannot be used: {expected}", exception.Message, StringComparison.Ordinal);
    }

    static long Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    byte[] Log()
    {
        using var file = new FileStream(DataPath + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>How many transactions the file beside the data file tells of.</summary>
    long Commits()
    {
        using var file = new FileStream(DataPath + "-mark", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> mark = stackalloc byte[24];
        file.ReadExactly(mark);
        return BinaryPrimitives.ReadInt64LittleEndian(mark[16..]);
    }
}
