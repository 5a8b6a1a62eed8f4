using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class A_signing_key_in_source
{
    // In two parts, so that it is none here.
    const string First = "sig_" + "6vGqPz3kHfYw";
    const string Second = "T9mNcR4xLbJ8sDe2";
    const string Key = First + Second;
    const string Other = "sig_" + "5wHrQa4lJgZxU8nOdS3yMcK7tEf1";
    const string Long = "0123456789abcdef0123456789abcdef";

    public static TheoryData<string> Wrong { get; } =
    [
        $$"""h.SigningKeys({|QSTASH002:"{{Key}}"|}, {|QSTASH002:"{{Other}}"|});""",
        $$"""h.SigningKeys(a, {|QSTASH002:"{{Other}}"|});""",
        $$"""h.SigningKeys({|QSTASH002:"{{Long}}"|}, b);""",
        $$"""h.SigningKeys(config["current"] ?? {|QSTASH002:"{{Key}}"|}, b);""",
        $$"""h.SigningKeys(port > 0 ? {|QSTASH002:"{{Long}}"|} : a, b);""",
        $$"""h.SigningKeys({|QSTASH002:"{{First}}" + "{{Second}}"|}, b);""",
        $$"""
        var first = "{{First}}";
        h.SigningKeys({|QSTASH002:$"{first}{{Second}}"|}, b);
        """,
        $$"""
        var current = "{{Long}}";
        h.SigningKeys({|QSTASH002:current|}, b);
        """,
        $$"""
        const string Current = {|QSTASH002:"{{Key}}"|};
        h.SigningKeys(Current, b);
        """,
        $$"""
        h.SigningKeys({|QSTASH002:Current|}, b);
        ---
        const string Current = "{{Long}}";
        """,
        $$"""
        h.SigningKeys(a, {|QSTASH002:Next|});
        ---
        static string Next => "{{Long}}";
        """,
        $$"""h.RegionSigningKeys("EU_CENTRAL_1", {|QSTASH002:"{{Key}}"|}, {|QSTASH002:"{{Other}}"|});""",
        $$"""var options = new QStashTransportOptions { CurrentSigningKey = {|QSTASH002:"{{Key}}"|}, NextSigningKey = a };""",
        $$"""var options = new QStashTransportOptions { CurrentSigningKey = a, NextSigningKey = {|QSTASH002:"{{Long}}"|} };""",
        $$"""var keys = new QStashSigningKeys { Current = a, Next = {|QSTASH002:"{{Key}}"|} };""",
        $$"""var other = new QStashSignatureVerifier(new QStashSigningKeyPair({|QSTASH002:"{{Key}}"|}, b));""",
        $$"""var other = new QStashSignatureVerifier(new QStashSigningKeyPair(a, {|QSTASH002:"{{Long}}"|}));""",
        $$"""config["QStash:CurrentSigningKey"] = {|QSTASH002:"{{Key}}"|};""",
        $$"""Environment.SetEnvironmentVariable("QSTASH_NEXT_SIGNING_KEY", {|QSTASH002:"{{Key}}"|});""",
        $$"""var json = {|QSTASH002:@"{ ""CurrentSigningKey"": ""{{Key}}"" }"|};""",
        $$"""var text = {|QSTASH002:"export QSTASH_NEXT_SIGNING_KEY={{Key}}"|};""",
        $$"""var bytes = {|QSTASH002:"{{Key}}"u8|};""",
        $$"""log.LogInformation({|QSTASH002:"The key is {{Key}}"|});""",
        $$"""
        var settings = new Dictionary<string, string>
        {
            ["QStash:CurrentSigningKey"] = {|QSTASH002:"{{Key}}"|},
        };
        """,
    ];

    public static TheoryData<string> Right { get; } =
    [
        """h.SigningKeys(config["QSTASH_CURRENT_SIGNING_KEY"], config["QSTASH_NEXT_SIGNING_KEY"]);""",
        """h.SigningKeys(Environment.GetEnvironmentVariable("QSTASH_CURRENT_SIGNING_KEY"), b);""",
        """h.SigningKeys(config["QSTASH_CURRENT_SIGNING_KEY"] ?? throw new InvalidOperationException("QSTASH_CURRENT_SIGNING_KEY is missing."), b);""",
        """h.SigningKeys("sig_xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sig_0000000000000000000000000000");""",
        """h.SigningKeys("<current signing key of the console>", "<next signing key of the console, please>");""",
        """h.SigningKeys("${QSTASH_CURRENT_SIGNING_KEY_OF_PRODUCTION}", "${QSTASH_NEXT_SIGNING_KEY_OF_PRODUCTION}");""",
        """h.SigningKeys("%QSTASH_CURRENT_SIGNING_KEY_OF_PRODUCTION%", b);""",
        """h.SigningKeys("your-current-signing-key-from-the-console", "your-next-signing-key-from-the-console");""",
        """h.SigningKeys("sig_YourCurrentSigningKeyFromIt1", "sig_YourNextSigningKeyFromTheIt2");""",
        """h.SigningKeys("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs");""",
        """h.SigningKeys("sig_test_current", "sig_test_next");""",
        """var name = nameof(QStashTransportOptions.CurrentSigningKey);""",
        """var isKey = a.StartsWith("sig_");""",
        """var key = "sig_" + a;""",
        """var key = $"sig_{a}{b}";""",
        """var pattern = new System.Text.RegularExpressions.Regex("^sig_[A-Za-z0-9]{28}$");""",
        """log.LogInformation("A signing key begins with sig_ and has 32 characters in all");""",
        """var signal = "sig_handler_of_interrupts_is_set_here";""",
        """var hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";""",
        """var options = new QStashTransportOptions { CurrentSigningKey = a, NextSigningKey = b };""",
        """var options = new QStashTransportOptions { CurrentSigningKey = null, NextSigningKey = null };""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found(string row) => Row.IsReportedAsync<SecretAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_not_seen_where_there_is_none(string row) => Row.IsLeftAloneAsync<SecretAnalyzer>(row);
}
