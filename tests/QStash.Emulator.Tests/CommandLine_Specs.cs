using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests;

public class Starting_the_program
{
    [Theory]
    [InlineData("--port 0", "--port takes a number between 1 and 65535")]
    [InlineData("--quota gold", "--quota takes free, payg, pro or none")]
    [InlineData("--region mars", "--region takes eu-central-1 or us-east-1")]
    [InlineData("--quota", "--quota takes")]
    [InlineData("--data", "--data takes the path of a file")]
    [InlineData("--colour blue", "Unknown argument --colour")]
    public async Task Explains_an_argument_it_cannot_use(string arguments, string expected)
    {
        var (exitCode, error) = await EmulatorProcess.RunAsync(arguments.Split(' '));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
    }
}
