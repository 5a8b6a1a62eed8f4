using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Durability;

/// <summary>The write-ahead log that a killed emulator left behind, and what may happen to it.</summary>
public partial class A_damaged_write_ahead_log : DurableTest
{
    const int Published = 20;

    readonly List<string> _ids = [];

    string Log => DataPath + "-wal";

    [Theory]
    [InlineData(0.0, true)]
    [InlineData(0.0, false)]
    [InlineData(0.3, true)]
    [InlineData(0.3, false)]
    [InlineData(0.8, true)]
    [InlineData(0.8, false)]
    public async Task Is_found_out_wherever_a_byte_changed(double where, bool mark)
    {
        await LeaveAsync(mark);
        var bytes = await File.ReadAllBytesAsync(Log, Cancellation);
        bytes[(int)(bytes.Length * where) + 100] ^= 0x20;
        await File.WriteAllBytesAsync(Log, bytes, Cancellation);
        await StaysAwayUntilToldAsync(bytes);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task Is_found_out_when_its_end_is_missing(double kept)
    {
        await LeaveAsync(mark: true);
        await using (var log = File.OpenWrite(Log))
            log.SetLength((long)(log.Length * kept));

        await StaysAwayUntilToldAsync(await File.ReadAllBytesAsync(Log, Cancellation));
    }

    [Fact]
    public async Task Is_found_out_when_it_is_missing()
    {
        await LeaveAsync(mark: true);
        File.Delete(Log);
        Assert.True(await LostAsync() > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_not_one_that_ends_in_a_transaction_that_was_not_committed(bool mark)
    {
        await LeaveAsync(mark);
        // A transaction that the process began to write when it was killed.
        var bytes = await File.ReadAllBytesAsync(Log, Cancellation);
        var frame = bytes[32..(32 + 24 + 2000)];
        Array.Clear(frame, 4, 4);
        await File.WriteAllBytesAsync(Log, [.. bytes, .. frame], Cancellation);
        await StartAsync();
        await AllAreThereAsync();
    }

    [Fact]
    public async Task Is_not_one_of_a_file_that_was_deleted_to_begin_anew()
    {
        await LeaveAsync(mark: true);
        File.Delete(DataPath);
        File.Delete(Log);
        await StartAsync();
        Assert.Empty((await GetAsync("/v2/logs")).Json.GetProperty("logs").EnumerateArray());
    }

    // As a file system leaves it after the power was lost.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_left_alone_when_its_file_is_empty(bool mark)
    {
        await LeaveAsync(mark);
        var log = await File.ReadAllBytesAsync(Log, Cancellation);
        await File.WriteAllBytesAsync(DataPath, [], Cancellation);

        for (var start = 0; start < 2; start++)
        {
            var refused = await Assert.ThrowsAsync<DataPathException>(StartAsync);
            Assert.Contains("it is empty, and had everything until 2026-01-01 00:00:19.000 UTC", refused.Message, StringComparison.Ordinal);
            Assert.Contains("--accept-data-loss", refused.Message, StringComparison.Ordinal);
            Assert.Equal(log, await File.ReadAllBytesAsync(Log, Cancellation));
        }

        Emulator = await QStashEmulator.StartAsync(new() { TimeProvider = Clock, DataPath = DataPath, AcceptDataLoss = true }, Cancellation);
        var id = await PublishAsync("/a", "body", "Upstash-Delay: 1d");
        await KillAsync();
        await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/messages/" + id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/messages/" + _ids[0])).Status);
    }

    /// <summary>Publishes a message a second, each with a commit of its own, and ends like a process that is killed.</summary>
    async Task LeaveAsync(bool mark)
    {
        for (var i = 0; i < Published; i++)
        {
            _ids.Add(await PublishAsync("/a", "body", "Upstash-Delay: 1d"));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await KillAsync();
        if (!mark)
            File.Delete(DataPath + "-mark");
    }

    async Task StaysAwayUntilToldAsync(byte[] log)
    {
        var lost = await LostAsync();
        Assert.InRange(lost, 1, Published);
        // The evidence is left alone, so it does so again.
        Assert.Equal(log, await File.ReadAllBytesAsync(Log, Cancellation));
        Assert.Equal(lost, await LostAsync());

        Emulator = await QStashEmulator.StartAsync(new() { TimeProvider = Clock, DataPath = DataPath, AcceptDataLoss = true }, Cancellation);
        var there = 0;
        foreach (var id in _ids)
            there += (await GetAsync("/v2/messages/" + id)).Status == HttpStatusCode.OK ? 1 : 0;

        Assert.Equal(Published - lost, there);
        _ids.RemoveRange(there, lost);
        _ids.Add(await PublishAsync("/a", "body", "Upstash-Delay: 1d"));
        await KillAsync();
        await StartAsync();
        await AllAreThereAsync();
    }

    /// <summary>How many messages are lost, as the start says that refuses to go on without them.</summary>
    async Task<int> LostAsync()
    {
        var refused = await Assert.ThrowsAsync<DataPathException>(StartAsync);
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--accept-data-loss", refused.Message, StringComparison.Ordinal);
        var match = Numbers.Match(refused.Reason);
        var lost = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        // A message a second, from the beginning of 2026.
        Assert.Equal($"2026-01-01 00:00:{Math.Max(0, Published - lost - 1):00}.000", match.Groups[2].Value);
        Assert.Equal($"2026-01-01 00:00:{Published - 1:00}.000", match.Groups[3].Value);
        return lost;
    }

    async Task AllAreThereAsync()
    {
        foreach (var id in _ids)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/messages/" + id)).Status);
    }

    [GeneratedRegex("damaged: ([0-9]+) accepted messages? .* from ([-0-9:. ]+) UTC to ([-0-9:. ]+) UTC")]
    static partial Regex Numbers { get; }
}
