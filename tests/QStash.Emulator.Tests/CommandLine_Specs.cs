using System.Diagnostics;

namespace QStash.Emulator.Tests;

public class Starting_the_program
{
    [Theory]
    [InlineData("--port 0", "--port takes a number between 1 and 65535")]
    [InlineData("--quota gold", "--quota takes free, payg, pro or none")]
    [InlineData("--region mars", "--region takes eu-central-1 or us-east-1")]
    [InlineData("--quota", "--quota takes")]
    [InlineData("--colour blue", "Unknown argument --colour")]
    public async Task Explains_an_argument_it_cannot_use(string arguments, string expected)
    {
        using var program = Start(arguments);
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, program.ExitCode);
    }

    static Process Start(string arguments) => Process.Start(new ProcessStartInfo("dotnet", [typeof(QStashEmulator).Assembly.Location, .. arguments.Split(' ')])
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    })!;
}
