using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// In development, finds what this program has left in the emulator under another port. There the port changes often, and does not identify
/// a service.
/// </summary>
/// <remarks>
/// A second service may share the program, the names of its endpoints and the emulator. So a member counts as left behind only if nothing
/// listens on its port.
/// </remarks>
/// <param name="program">The program, see <see cref="ProgramMark"/>; null if ports are not considered.</param>
/// <param name="port">Where this process is going to listen.</param>
sealed class FormerPorts(string? program, int port)
{
    /// <summary>The program; null if ports are not considered.</summary>
    public string? Program => program;

    /// <summary>The label that schedules of this program have; null if ports are not considered.</summary>
    public string? Label => program is null ? null : ProgramMark.ToLabel(program, port);

    /// <summary>Finds members for the same endpoint at ports on which nothing listens.</summary>
    public async Task<QStashEndpoint[]> FindMembersAsync(IEnumerable<QStashEndpoint> members, Subscriber subscriber,
        CancellationToken cancellationToken)
    {
        var found = new List<QStashEndpoint>();

        foreach (var member in members)
        {
            if (program is not null
                && MemberName.ParseOfProgram(member, program) is { Until: null } name
                && name.Endpoint == subscriber.EndpointName
                && member.Url != subscriber.Url
                && await IsDesertedAsync(member, cancellationToken).ConfigureAwait(false))
                found.Add(member);
        }

        return [.. found];
    }

    /// <summary>Whether nothing listens at the address of a member.</summary>
    public static async Task<bool> IsDesertedAsync(QStashEndpoint member, CancellationToken cancellationToken) =>
        Uri.TryCreate(member.Url, UriKind.Absolute, out var url)
        && url.IsLoopback
        && await LocalPort.IsDesertedAsync(url.Port, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether this program declared the schedule at a port on which nothing listens.</summary>
    public async Task<bool> IsFormerAsync(QStashSchedule schedule, CancellationToken cancellationToken) =>
        program is not null
        && schedule.Labels.Select(label => ProgramMark.ReadPort(label, program)).FirstOrDefault(found => found is not null) is { } former
        && former != port
        && await LocalPort.IsDesertedAsync(former, cancellationToken).ConfigureAwait(false);
}
