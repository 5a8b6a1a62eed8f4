using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash groups</c>.</summary>
static class GroupCommand
{
    static readonly Column<QStashUrlGroup>[] Groups =
    [
        new("Name", static group => group.Name),
        new("Members", static group => group.Endpoints.Count),
        new("Updated", static group => group.UpdatedAt),
        new("Created", static group => group.CreatedAt, InTable: false),
    ];

    static readonly Column<QStashEndpoint>[] Members =
    [
        new("Service", static member => MemberText.Parse(member.Name)?.Service),
        new("Endpoint", static member => MemberText.Parse(member.Name)?.Endpoint ?? member.Name),
        new("Lease until", static member => MemberText.Parse(member.Name)?.Until),
        new("Url", static member => member.Url),
        new("Name", static member => member.Name, InTable: false),
    ];

    public static Command Create(Connection connection) => new("groups", "URL groups.")
    {
        List(connection), Show(connection), Add(connection), Remove(connection), DefaultHeaders(connection),
        Commands.Each(
            connection, "delete", "Deletes URL groups.", Commands.Ids("name", "Names of URL groups."), "URL group",
                static async (client, name, cancellation) =>
            {
                if (await client.UrlGroups.GetAsync(name, cancellation) is null)
                    return null;

                await client.UrlGroups.DeleteAsync(name, cancellation);
                return "deleted";
            }),
    };

    static Command List(Connection connection)
    {
        var command = new Command("list", "Lists URL groups.");
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            printer.List(Groups, await client.UrlGroups.ListAsync(cancellation));
            return 0;
        }));
        return command;
    }

    static Command Show(Connection connection)
    {
        var name = Commands.Id("name", "Name of a URL group.");
        var command = new Command("show",
            "Lists the members of a URL group: of which service and endpoint they are, and how long they live unless they renew it.")
        {
            name,
        };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            if (await client.UrlGroups.GetAsync(call.GetValue(name)!, cancellation) is not { } group)
                return await Commands.MissingAsync("URL group", call.GetValue(name)!);

            printer.List(Members, group.Endpoints);
            return 0;
        }));
        return command;
    }

    static Command Add(Connection connection)
    {
        var name = Commands.Id("name", "Name of a URL group; it is made if it does not exist.");
        var url = Commands.Id("url", "URL of the member.");
        Option<string> member = new("--name") { HelpName = "name",
            Description = "name of the member; another one of that name is replaced" };
        var command = new Command("add", "Adds a member to a URL group.") { name, url, member };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var endpoint = new QStashEndpoint { Url = call.GetValue(url), Name = call.GetValue(member) };
            await client.UrlGroups.UpsertEndpointsAsync(call.GetValue(name)!, [endpoint], cancellation);
            printer.Done(call.GetValue(url)!, "added");
            return 0;
        }));
        return command;
    }

    static Command Remove(Connection connection)
    {
        var name = Commands.Id("name", "Name of a URL group.");
        var members = Commands.Ids("member", "URLs or names of members.");
        var command = new Command("remove", "Removes members from a URL group.") { name, members };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            if (await client.UrlGroups.GetAsync(call.GetValue(name)!, cancellation) is not { } group)
                return await Commands.MissingAsync("URL group", call.GetValue(name)!);

            return await Commands.EachAsync(
                printer, call.GetValue(members)!, "member", async text =>
                {
                    if (group.Endpoints.FirstOrDefault(one => one.Name == text || one.Url == text) is not { } endpoint)
                        return null;

                    await client.UrlGroups.RemoveEndpointsAsync(group.Name,
                        [endpoint.Name is null ? new() { Url = endpoint.Url } : new() { Name = endpoint.Name }], cancellation);
                    return "removed";
                },
                cancellation);
        }));
        return command;
    }

    static Command DefaultHeaders(Connection connection)
    {
        var name = Commands.Id("name", "Name of a URL group.");
        Argument<string[]> headers = new("header") { Description = "Headers such as 'Upstash-Retries: 5'; none to remove them.",
            Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("headers", "Sets the default headers of a URL group.") { name, headers };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var header in call.GetValue(headers)!)
            {
                var colon = header.IndexOf(':', StringComparison.Ordinal);
                if (colon < 1)
                    throw new ArgumentException($"A header is written as 'name: value', not '{header}'.");

                values[header[..colon].Trim()] = header[(colon + 1)..].Trim();
            }

            await client.UrlGroups.SetDefaultHeadersAsync(call.GetValue(name)!, values, cancellation);
            printer.Done(call.GetValue(name)!, "has these default headers");
            return 0;
        }));
        return command;
    }
}
