using System.Globalization;
using System.Text;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The id of a recurring message's schedule on QStash. It is the same for the same group and id, so that a redeploy updates the schedule,
/// and different for different ones.
/// </summary>
/// <remarks>
/// QStash allows letters, digits, '.', '_' and '-'. '_' is the escape character: "__" is an underscore, "_2F" a byte of UTF-8, and "_." the
/// separator, which no escaped text contains. So <c>orders</c> and <c>daily-report</c> make <c>orders_.daily-report</c>. No other character
/// follows a '_', so a later form can use one as its mark.
/// </remarks>
static class RecurringScheduleId
{
    const string Separator = "_.";

    /// <exception cref="ArgumentException">There is no id.</exception>
    public static string Create(string? group, string? id) => string.IsNullOrWhiteSpace(id)
        ? throw new ArgumentException("ScheduleId is empty. Name the schedule, so that it is found again.")
        : Escape(group ?? "") + Separator + Escape(id);

    /// <summary>The id for one URL group: a published message has a schedule for each URL group of its type's hierarchy.</summary>
    public static string ForUrlGroup(string scheduleId, string urlGroup) => scheduleId + Separator + Escape(urlGroup);

    /// <summary>Whether an id is that of the schedule, or of its part for one URL group.</summary>
    public static bool IsPartOf(string candidate, string scheduleId) =>
        candidate == scheduleId || candidate.StartsWith(scheduleId + Separator, StringComparison.Ordinal);

    public static bool IsInGroup(string candidate, string? group) =>
        candidate.StartsWith(Escape(group ?? "") + Separator, StringComparison.Ordinal);

    /// <summary>Whether an id is the one that the schedule, or its part for one URL group, would have in another group.</summary>
    public static bool IsOfOtherGroup(string candidate, string scheduleId, string? group)
    {
        var id = scheduleId[Escape(group ?? "").Length..];

        return !IsInGroup(candidate, group)
            && (candidate.EndsWith(id, StringComparison.Ordinal) || candidate.Contains(id + Separator, StringComparison.Ordinal));
    }

    static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);

        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;

            if (c == '_')
                escaped.Append("__");
            else if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-')
                escaped.Append(c);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"_{b:X2}");
        }

        return escaped.ToString();
    }
}
