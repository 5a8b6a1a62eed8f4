using System.Globalization;

namespace QStash.Client;

// The header value for the limits of a key: names and whole numbers, the period in seconds.
static class FlowControlValue
{
    static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(7);

    public static List<KeyValuePair<string, string>> Of(QStashFlowControlSettings flow, string parameter)
    {
        Grammar.FlowControlKey(flow.Key, parameter);

        if (flow.Parallelism is null && flow.Rate is null)
            throw new ArgumentException("FlowControl has neither Parallelism nor Rate. Set at least one of them.", parameter);

        var parts = new List<KeyValuePair<string, string>>();
        if (flow.Parallelism is { } parallelism)
            parts.Add(new("parallelism", Number(Grammar.Count(parallelism, 1, "FlowControl.Parallelism", parameter))));
        if (flow.Rate is { } rate)
            parts.Add(new("rate", Number(Grammar.Count(rate, 1, "FlowControl.Rate", parameter))));

        if (flow.Period is { } period)
        {
            if (flow.Rate is null)
                throw new ArgumentException("FlowControl.Period is set without Rate. Set Rate, or remove Period.", parameter);
            if (period <= TimeSpan.Zero || period > LongestPeriod)
                throw new ArgumentException($"FlowControl.Period is {period}; it must be more than zero and at most 7 days.", parameter);

            parts.Add(new("period", Number(Grammar.WholeSeconds(period))));
        }

        return parts;
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
