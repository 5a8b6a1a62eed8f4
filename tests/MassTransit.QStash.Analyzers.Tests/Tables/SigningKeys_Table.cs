using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class Signing_keys_in_many_forms
{
    public static TheoryData<string> Wrong { get; } =
    [
        """h.SigningKeys(a, {|QSTASH006:a|});""",
        """h.SigningKeys(nextKey: a, currentKey: {|QSTASH006:a|});""",
        """h.SigningKeys(config["current"], {|QSTASH006:config["current"]|});""",
        """h.SigningKeys(config.GetValue<string>("current"), {|QSTASH006:config.GetValue<string>("current")|});""",
        """h.SigningKeys(Environment.GetEnvironmentVariable("A"), {|QSTASH006:Environment.GetEnvironmentVariable("A")|});""",
        """
        var key = config["current"];
        h.SigningKeys(key, {|QSTASH006:key|});
        """,
        """
        var current = config["current"];
        var next = config["current"];
        h.SigningKeys(current, {|QSTASH006:next|});
        """,
        """h.SigningKeys(a, {|QSTASH006:""|});""",
        """h.SigningKeys({|QSTASH006:" "|}, a);""",
        """h.SigningKeys(a, {|QSTASH006:string.Empty|});""",
        """h.SigningKeys(a, {|QSTASH006:null|});""",
        """h.SigningKeys(a, {|QSTASH006:default|});""",
        """
        var none = "";
        h.SigningKeys(a, {|QSTASH006:none|});
        """,
        """h.RegionSigningKeys("US_EAST_1", a, ({|QSTASH006:a|}));""",
        """var pair = new QStashSigningKeyPair(a, {|QSTASH006:a|});""",
        """var options = new QStashTransportOptions { {|QSTASH006:CurrentSigningKey = a|} };""",
        """Action<QStashTransportOptions> configure = o => {|QSTASH006:o.NextSigningKey = a|};""",
        """var settings = new QStashSettings { {|QSTASH006:NextSigningKey = a|} };""",
        """
        h.SigningKeys(key, {|QSTASH006:key|});
        ---
        readonly string key;
        Row(IConfiguration config) => key = config["key"];
        """,
    ];

    public static TheoryData<string> Right { get; } =
    [
        """h.SigningKeys(a, b);""",
        """
        h.SigningKeys(NextKey(), NextKey());
        ---
        static string NextKey() => Guid.NewGuid().ToString();
        """,
        """
        h.SigningKeys(Read("key"), Read("key"));
        ---
        static string Read(string name) => name + Guid.NewGuid();
        """,
        """
        using var reader = new StringReader(a);
        h.SigningKeys(reader.ReadLine(), reader.ReadLine());
        """,
        """
        var keys = new Queue<string>();
        h.SigningKeys(keys.Dequeue(), keys.Dequeue());
        """,
        """
        h.SigningKeys(await Key(), await Key());
        ---
        static Task<string> Key() => Task.FromResult(Guid.NewGuid().ToString());
        """,
        """
        var keys = new[] { a, b };
        var i = 0;
        h.SigningKeys(keys[i++], keys[i++]);
        """,
        """h.SigningKeys(config["current"], config["next"]);""",
        """h.SigningKeys(config["current"] ?? "", config["next"] ?? "");""",
        """h.SigningKeys("sig_made_up", "sig_made_up");""",
        """h.SigningKeys(Environment.GetEnvironmentVariable("A"), Environment.GetEnvironmentVariable("B"));""",
        """
        var current = config["current"];
        var next = config["next"];
        h.SigningKeys(current, next);
        """,
        """var pair = new QStashSigningKeyPair(a, b);""",
        """var options = new QStashTransportOptions { CurrentSigningKey = a, NextSigningKey = b };""",
        """
        var options = new QStashTransportOptions { CurrentSigningKey = a };
        if (port > 0)
            options.NextSigningKey = b;
        """,
        """
        Action<QStashTransportOptions> configure = o =>
        {
            o.CurrentSigningKey ??= a;
            o.NextSigningKey ??= b;
        };
        """,
        """var options = new QStashTransportOptions { Token = a };""",
        """var pair = (current: a, next: a);""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Are_found_when_they_are_not_two(string row) => Row.IsReportedAsync<SigningKeysAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Are_left_alone_when_they_may_be_two(string row) => Row.IsLeftAloneAsync<SigningKeysAnalyzer>(row);
}
