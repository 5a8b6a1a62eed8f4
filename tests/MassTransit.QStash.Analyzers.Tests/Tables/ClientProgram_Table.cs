using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class QStash_in_a_program_that_users_download_in_many_forms
{
    public static TheoryData<string> Wrong { get; } =
    [
        """
        await Task.Yield();
        ---
        void Configure(IBusRegistrationConfigurator x) => {|QSTASH010:x.UsingQStash((_, _) => { })|};
        """,
        """
        await Task.Yield();
        ---
        void Configure(IServiceCollection services) => {|QSTASH010:services.AddQStashClient()|};
        """,
        """
        await Task.Yield();
        ---
        void Configure(IServiceCollection services) => {|QSTASH010:services.AddQStashHttpClient()|};
        """,
        """
        await Task.Yield();
        ---
        void Configure(IBusRegistrationConfigurator x) => {|QSTASH010:x.AddQStashMessageScheduler()|};
        """,
        """
        await Task.Yield();
        ---
        void Configure(IHealthChecksBuilder health) => {|QSTASH010:health.AddQStash()|};
        """,
        """{|QSTASH010:app.MapQStash()|};""",
        """var settings = {|QSTASH010:QStashSettings.Resolve(config)|};""",
        """var settings = {|QSTASH010:new QStashSettings()|};""",
        """QStashClientOptions options = {|QSTASH010:new()|};""",
        """var options = {|QSTASH010:new QStashTransportOptions()|};""",
        """var keys = {|QSTASH010:new QStashSigningKeyPair(a, b)|};""",
        """var keys = {|QSTASH010:new QStashSigningKeys { Current = a, Next = b }|};""",
        """var pair = {|QSTASH010:new QStashSignatureVerifier({|QSTASH010:new QStashSigningKeyPair(a, b)|})|};""",
        """var other = {|QSTASH010:new QStashClient(http, null)|};""",
        """var token = config[{|QSTASH010:"QSTASH_TOKEN"|}];""",
        """var token = config[{|QSTASH010:QStashSettings.TokenVariable|}];""",
        """var key = Environment.GetEnvironmentVariable({|QSTASH010:"QSTASH_CURRENT_SIGNING_KEY"|});""",
    ];

    public static TheoryData<string> Right { get; } =
    [
        """await http.PostAsync("/orders", null);""",
        """await bus.Publish(new Order(a));""",
        """await send.Send(new Order(a));""",
        """var order = new Order(a);""",
        """var message = new QStashMessage { Destination = "group" };""",
        """var text = "QStash is on the server";""",
        """var text = "the variable QSTASH_TOKEN";""",
        """var options = new JsonSerializerOptions();""",
        """var handler = new HttpClient();""",
        """log.LogInformation("QStash");""",
        """
        Publish();
        ---
        static void Publish() { }
        """,
        """
        UsingQStash();
        ---
        static void UsingQStash() { }
        """,
        """
        var other = new QStashClient();
        ---
        class QStashClient;
        """,
        """var value = config["Api:Address"];""",
        """app.MapGet("/", () => "");""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found(string row) => Row.IsReportedAsync<ClientProgramAnalyzer>(row, ("UseMaui", "true"));

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_not_seen_where_there_is_none(string row) => Row.IsLeftAloneAsync<ClientProgramAnalyzer>(row, ("UseMaui", "true"));

    [Theory]
    [InlineData("UsingMicrosoftNETSdkBlazorWebAssembly", "true")]
    [InlineData("TargetPlatformIdentifier", "android")]
    [InlineData("TargetPlatformIdentifier", "iOS")]
    public Task Is_found_in_every_kind_of_project_that_users_download(string property, string value) =>
        Row.IsReportedAsync<ClientProgramAnalyzer>("var options = {|QSTASH010:new QStashClientOptions()|};", (property, value));

    [Theory]
    [InlineData("TargetPlatformIdentifier", "windows")]
    [InlineData("UseMaui", "false")]
    [InlineData("UseMaui", "")]
    public Task Is_right_on_a_server(string property, string value) =>
        Row.IsLeftAloneAsync<ClientProgramAnalyzer>("var options = new QStashClientOptions();", (property, value));
}
