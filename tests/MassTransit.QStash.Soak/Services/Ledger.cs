using System.Diagnostics.CodeAnalysis;
using System.Text;
using MassTransit.QStash.Soak.Judging;

namespace MassTransit.QStash.Soak.Services;

/// <summary>
/// Says on standard output what a service does, for the judge. What has been written to a pipe is read after the writer was
/// killed too, in its order, and a line this short is written whole or not at all; so a record that returned is kept.
/// </summary>
sealed class Ledger
{
    readonly Lock _gate = new();
    readonly Stream _output = Console.OpenStandardOutput();

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, nobody would know any more what the service does.")]
    public void Write(LedgerEntry entry)
    {
        var line = Encoding.ASCII.GetBytes(entry.ToString() + '\n');
        try
        {
            lock (_gate)
                _output.Write(line);
        }
        catch (Exception exception)
        {
            Environment.FailFast("The judge is gone.", exception);
        }
    }
}
