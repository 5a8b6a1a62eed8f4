using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests;

public class QStash_in_a_program_that_users_download // V15
{
    const string Unmarked = """
        class Program
        {
            void Run(IBusRegistrationConfigurator x)
            {
                x.UsingQStash((_, _) => { });
                var options = new QStashClientOptions();
                var token = Environment.GetEnvironmentVariable("QSTASH_TOKEN");
            }
        }
        """;

    const string Marked = """
        class Program
        {
            void Run(IBusRegistrationConfigurator x)
            {
                {|QSTASH010:x.UsingQStash((_, _) => { })|};
                var options = {|QSTASH010:new QStashClientOptions()|};
                var token = Environment.GetEnvironmentVariable({|QSTASH010:"QSTASH_TOKEN"|});
            }
        }
        """;

    [Theory]
    [InlineData("UsingMicrosoftNETSdkBlazorWebAssembly")]
    [InlineData("UseMaui")]
    public Task Is_found(string property) => Verify.CodeAsync<ClientProgramAnalyzer>(Marked, (property, "true"));

    [Fact]
    public async Task Is_right_on_a_server()
    {
        await Verify.CodeAsync<ClientProgramAnalyzer>(Unmarked);
        await Verify.CodeAsync<ClientProgramAnalyzer>(Unmarked, ("UseMaui", "false"), ("UsingMicrosoftNETSdkBlazorWebAssembly", ""));
    }
}
