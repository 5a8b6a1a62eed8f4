using System.Globalization;

namespace MassTransit.QStash.Soak.Judging;

/// <summary>A line of a service's ledger.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Number">The order, or the status of an answer.</param>
/// <param name="Delivery">QStash's id of the message, where there is one.</param>
readonly record struct LedgerEntry(LedgerKind Kind, int Number = 0, string Delivery = "")
{
    const string Mark = "ledger";

    /// <summary>Null for a line that is none.</summary>
    public static LedgerEntry? Parse(string line) =>
        line.Split(' ') is [Mark, var kind, var number, var delivery]
            ? new LedgerEntry(Enum.Parse<LedgerKind>(kind), int.Parse(number, CultureInfo.InvariantCulture), delivery)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mark} {Kind} {Number} {Delivery}");
}
