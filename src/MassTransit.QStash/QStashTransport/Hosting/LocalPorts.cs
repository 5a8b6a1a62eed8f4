using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Compares addresses on this machine with those the server listens on.
/// </summary>
static class LocalPorts
{
    /// <summary>The first address on this machine whose port the server does not listen on; null when there is none.</summary>
    public static Uri? FindOther(IEnumerable<Uri> addresses, IEnumerable<string> listened)
    {
        Uri[] local = [.. addresses.Where(address => address.IsLoopback)];
        if (local.Length == 0)
            return null;

        var ports = listened.Select(BindingAddress.Parse).Where(binding => !binding.IsUnixPipe && !binding.IsNamedPipe)
            .Select(binding => binding.Port).ToArray();

        return ports.Length == 0 ? null : local.FirstOrDefault(address => !ports.Contains(address.Port));
    }
}
