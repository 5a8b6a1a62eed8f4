using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash keys</c>.</summary>
static class KeyCommand
{
    static readonly Column<QStashSigningKeys>[] Columns = [new("Current", static keys => keys.Current),
        new("Next", static keys => keys.Next)];

    public static Command Create(Connection connection)
    {
        var show = new Command("show", "Prints the keys that sign deliveries. They are secrets.");
        show.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            printer.Show(Columns, await client.SigningKeys.GetAsync(cancellation));
            return 0;
        }));
        Option<bool> yes = new("--yes") { Description = "really do it" };
        var rotate = new Command("rotate",
            "Makes the next key the current one, and a new next one. Services that know neither refuse deliveries from then on.") { yes };
        rotate.Validators.Add(result =>
        {
            if (!result.GetValue(yes))
                result.AddError("The old key ends at once: add --yes when every service knows the next one.");
        });
        rotate.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            printer.Show(Columns, await client.SigningKeys.RotateAsync(cancellation));
            return 0;
        }));
        return new Command("keys", "The keys that sign deliveries.") { show, rotate };
    }
}
