using System.Net.Sockets;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Tells whether a program listens on a port of this machine.
/// </summary>
static class LocalPort
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>True when certainly no program listens on the port; false when one does, or when it is not certain.</summary>
    public static async Task<bool> IsDesertedAsync(int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);

        return await IsRefusedAsync("127.0.0.1", port, patience.Token).ConfigureAwait(false)
            && (!Socket.OSSupportsIPv6 || await IsRefusedAsync("::1", port, patience.Token).ConfigureAwait(false));
    }

    static async Task<bool> IsRefusedAsync(string host, int port, CancellationToken patience)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, patience).ConfigureAwait(false);
            return false;
        }
        // AddressNotAvailable comes when IPv6 is switched off for loopback only.
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
