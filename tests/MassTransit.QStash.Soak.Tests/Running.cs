namespace MassTransit.QStash.Soak.Tests;

static class Running
{
    /// <summary>Runs a soak. What it prints is the output of the test, and in a file, as a test that passes shows none.</summary>
    /// <param name="options">What the run is like.</param>
    /// <param name="file">The name of the file, beside the tests.</param>
    public static async Task<SoakResult> SoakAsync(SoakOptions options, string file)
    {
        await using var output = new StringWriter();
        try
        {
            var result = await new SoakRun(options, output).RunAsync(Cancellation);
            result.Print(output);
            return result;
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(output.ToString());
            await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, file), output.ToString(), CancellationToken.None);
        }
    }
}
