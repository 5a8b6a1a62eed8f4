using MassTransit.QStash.Soak.Judging;

namespace MassTransit.QStash.Soak.Tests;

/// <summary>Four orders, and what the judge makes of a ledger in which something is amiss.</summary>
public class The_judge
{
    const int Orders = 4;

    static readonly Aftermath Clean = new(DeadLetters: [], Delivered: [.. Deliveries("billing"), .. Deliveries("orders")], Pending: 0, Billed: [0, 1, 2, 3],
        Settled: [new("shipments", 0), new("reminders", 0), new("reports", 0)]);

    [Fact]
    public void Finds_nothing_when_every_order_was_handled() => Assert.Empty(Judge(Clean));

    [Theory]
    [InlineData("billing", "order 2 was accepted, and billing has neither handled it nor is it in the dead letter queue")]
    [InlineData("orders", "order 2 was billed, and orders has neither handled it nor is it in the dead letter queue")]
    public void Misses_a_line_that_was_taken_out_of_the_ledger(string service, string violation)
    {
        var violations = Judge(Clean, (name, entry) => (name, entry.Kind, entry.Number) != (service, LedgerKind.Handled, 2));

        Assert.Contains(violation, violations);
        Assert.Contains($"{service} acknowledged order 2 before it was handled", violations);
        Assert.Contains($"QStash holds {service}2 for delivered, and no service has handled it", violations);
    }

    [Fact]
    public void Takes_a_dead_letter_for_an_end() => Assert.DoesNotContain(
        Judge(Clean with { DeadLetters = [new("billing", 2)] }, (_, entry) => (entry.Kind, entry.Number) != (LedgerKind.Handled, 2)),
        violation => violation.StartsWith("order 2 was accepted", StringComparison.Ordinal));

    [Fact]
    public void Misses_an_order_that_was_never_accepted() => Assert.Contains(
        "order 2 was never accepted", Judge(Clean, (_, entry) => (entry.Kind, entry.Number) != (LedgerKind.Accepted, 2)));

    [Fact]
    public void Sees_an_answer_before_the_message_was_handled()
    {
        var judge = new Judge(Orders);
        judge.Read("billing", new LedgerEntry(LedgerKind.Arrived, 1, "msg"));
        judge.Read("billing", new LedgerEntry(LedgerKind.Answered, 200, "msg"));
        judge.Read("billing", new LedgerEntry(LedgerKind.Handled, 1, "msg"));

        Assert.Contains("billing acknowledged order 1 before it was handled", judge.Decide(Clean).Violations);
    }

    [Fact]
    public void Minds_no_other_answer_before_the_message_was_handled()
    {
        var judge = new Judge(Orders);
        judge.Read("billing", new LedgerEntry(LedgerKind.Arrived, 1, "msg"));
        judge.Read("billing", new LedgerEntry(LedgerKind.Answered, 500, "msg"));

        Assert.DoesNotContain(judge.Decide(Clean).Violations, violation => violation.Contains("acknowledged", StringComparison.Ordinal));
    }

    [Fact]
    public void Sees_an_effect_that_happened_twice() => Assert.Equal(
        ["order 1 had its effect 2 times in spite of the durable inbox"], Judge(Clean with { Billed = [0, 1, 1, 2, 3] }));

    [Fact]
    public void Sees_an_order_that_QStash_took_twice()
    {
        var judge = Play((_, _) => true);
        judge.Read("orders", new LedgerEntry(LedgerKind.Arrived, 1, "msg_other"));

        Assert.Equal(["order 1 got past deduplication: orders got it as orders1 and as msg_other"], judge.Decide(Clean).Violations);
    }

    [Fact]
    public void Believes_no_id_of_a_copy()
    {
        var judge = Play((_, _) => true);
        judge.Read("orders", new LedgerEntry(LedgerKind.Arrived, 1));

        Assert.Empty(judge.Decide(Clean).Violations);
    }

    [Fact]
    public void Sees_a_power_that_was_gained()
    {
        var judge = Play((_, _) => true);
        judge.Gain("a schedule is gone");

        var verdict = judge.Decide(Clean);

        Assert.Equal(["a schedule is gone"], verdict.Violations);
        Assert.Equal(1, Assert.Single(verdict.Figures, figure => figure.Name == "powers gained").Value);
    }

    [Fact]
    public void Sees_a_reminder_that_came_too_early()
    {
        var judge = Play((_, _) => true);
        judge.Read("orders", new LedgerEntry(LedgerKind.TooEarly, 0, "msg"));

        Assert.Equal(["the reminder of order 0 came before its time"], judge.Decide(Clean).Violations);
    }

    [Fact]
    public void Sees_a_send_a_scheduled_message_and_a_callback_that_are_lost() => Assert.Equal(3, Judge(Clean with { Settled = [] }).Count);

    [Fact]
    public void Sees_a_send_that_had_its_effect_twice() => Assert.Single(Judge(Clean with { Settled = [.. Clean.Settled, new("shipments", 0)] }));

    [Fact]
    public void Sees_an_effect_that_is_missing() => Assert.Equal(
        ["order 1 was handled, and has no effect in the database"], Judge(Clean with { Billed = [0, 2, 3] }));

    [Fact]
    public void Sees_a_message_that_is_still_on_its_way() => Assert.Equal(
        ["1 messages are still on their way"], Judge(Clean with { Pending = 1 }));

    [Fact]
    public void Sees_a_message_that_QStash_holds_for_delivered_and_that_never_arrived() => Assert.Equal(
        ["QStash holds msg_unknown for delivered, and no service has handled it"], Judge(Clean with { Delivered = ["msg_unknown"] }));

    [Fact]
    public void Counts_what_was_handled_again()
    {
        var judge = Play((_, _) => true);
        judge.Read("billing", new LedgerEntry(LedgerKind.Arrived, 1, "billing1"));
        judge.Read("billing", new LedgerEntry(LedgerKind.Handled, 1, "billing1"));

        var verdict = judge.Decide(Clean);

        Assert.Empty(verdict.Violations);
        Assert.Equal(1, Assert.Single(verdict.Figures, figure => figure.Name.StartsWith("of them handled again, because", StringComparison.Ordinal)).Value);
    }

    static IReadOnlyList<string> Judge(Aftermath aftermath, Func<string, LedgerEntry, bool>? keep = null) => Play(keep ?? ((_, _) => true)).Decide(aftermath).Violations;

    // A run in which all goes well, without the lines that are not kept.
    static Judge Play(Func<string, LedgerEntry, bool> keep)
    {
        var judge = new Judge(Orders);
        for (var order = 0; order < Orders; order++)
        {
            Read("orders", new LedgerEntry(LedgerKind.Sending, order));
            Read("orders", new LedgerEntry(LedgerKind.Accepted, order));
            foreach (var service in (string[])["billing", "orders"])
            {
                Read(service, new LedgerEntry(LedgerKind.Arrived, order, $"{service}{order}"));
                Read(service, new LedgerEntry(LedgerKind.Handled, order, $"{service}{order}"));
                Read(service, new LedgerEntry(LedgerKind.Answered, 200, $"{service}{order}"));
            }
        }

        return judge;

        void Read(string service, LedgerEntry entry)
        {
            if (keep(service, entry))
                judge.Read(service, LedgerEntry.Parse(entry.ToString())!.Value);
        }
    }

    static IEnumerable<string> Deliveries(string service) => Enumerable.Range(0, Orders).Select(order => $"{service}{order}");
}
