using System.Text;
using System.Text.Json.Nodes;

namespace QStash.Tool;

/// <summary>Writes results: tables with a header and lines for people, JSON for programs.</summary>
sealed class Printer(bool json)
{
    /// <summary>Several resources: a table, or an array.</summary>
    public void List<T>(IReadOnlyList<Column<T>> columns, IReadOnlyList<T> items)
    {
        if (json)
        {
            Console.WriteLine(new JsonArray([.. items
                .Select(item => (JsonNode)Values.Object(columns, item))]).ToJsonString(Values.Readable));
            return;
        }

        if (items.Count == 0)
        {
            Console.Error.WriteLine("There are none.");
            return;
        }

        var shown = columns.Where(column => column.InTable).ToList();
        List<string[]> rows = [[.. shown.Select(column => column.Title.ToUpperInvariant())]];
        rows.AddRange(items.Select(item => shown.Select(column => Values.Text(column.Value(item))).ToArray()));
        var widths = shown.Select((_, i) => rows.Max(row => row[i].Length)).ToArray();
        foreach (var row in rows)
            Console.WriteLine(Line(row, widths));
    }

    /// <summary>Resources that come one by one: a line each, in columns that fit most values, or an object in a line.</summary>
    public void Stream<T>(IReadOnlyList<Column<T>> columns, T item, int[] widths)
    {
        if (json)
            Console.WriteLine(Values.Object(columns, item).ToJsonString());
        else
            Console.WriteLine(Line([.. columns.Where(column => column.InTable).Select(column => Values.Text(column.Value(item)))], widths));
    }

    /// <summary>One resource with all its values.</summary>
    public void Show<T>(IReadOnlyList<Column<T>> columns, T item)
    {
        if (json)
        {
            Console.WriteLine(Values.Object(columns, item).ToJsonString(Values.Readable));
            return;
        }

        var width = columns.Max(column => column.Title.Length) + 2;
        var text = new StringBuilder();
        foreach (var column in columns)
        {
            var value = column.Value(item);
            if (Values.Block(value) is { } block)
                text.Append(block.Length > 0 ? $"{column.Title}\n{block}" : "");
            else if (Values.Text(value) is not ("" or "-") and var line)
                text.Append(column.Title.PadRight(width)).Append(line).Append('\n');
        }

        Console.Write(text);
    }

    /// <summary>What was done to one thing.</summary>
    public void Done(string id, string what)
    {
        if (json)
            Console.WriteLine(new JsonObject { ["id"] = id, ["result"] = what }.ToJsonString());
        else
            Console.WriteLine($"{Values.Visible(id)} {what}");
    }

    static string Line(string[] cells, int[] widths) => string.Join("  ", cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd();
}
