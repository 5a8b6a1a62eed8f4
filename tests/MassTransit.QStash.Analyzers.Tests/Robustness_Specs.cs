using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using MassTransit.QStash.Analyzers.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace MassTransit.QStash.Analyzers.Tests;

public partial class The_analyzers
{
    static readonly string Root = Up("MassTransit.QStash.sln");

    [Theory]
    [InlineData("src/QStash.Client")]
    [InlineData("samples")]
    public Task Do_not_crash_on_code_that_compiles(string folder) =>
        RunAsync(Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(path => !BuildOutput().IsMatch(path))
        .Select(File.ReadAllText));

    /// <summary>What stands there while somebody types: the rows of the tables, of which every nth word is missing.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(11)]
    public Task Do_not_crash_on_code_that_is_broken(int everyNth) => RunAsync(Tables().Select(row => Break(Row.Wrap(row), everyNth)));

    static async Task RunAsync(IEnumerable<string> files)
    {
        var trees = files.Select(code => CSharpSyntaxTree.ParseText(code, cancellationToken: Cancellation))
            .ToList();
        var crashes = new ConcurrentQueue<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, analyzer, _) =>
                crashes.Enqueue($"{analyzer}: {exception}"), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        await new CompilationWithAnalyzers(Row.Empty.AddSyntaxTrees(trees), All(), options)
            .GetAnalyzerDiagnosticsAsync(Cancellation);

        Assert.NotEmpty(trees);
        Assert.Empty(crashes);
    }

    static IEnumerable<string> Tables() => typeof(Row).Assembly.GetTypes()
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
        .Where(property => property.Name is "Wrong" or "Right")
        .SelectMany(property => (TheoryData<string>)property.GetValue(null)!)
        .Select(row => row.Data);

    static ImmutableArray<DiagnosticAnalyzer> All() =>
    [
        .. typeof(SecretAnalyzer).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>Leaves out every nth token.</summary>
    static string Break(string code, int everyNth)
    {
        var n = 0;
        return Token().Replace(code, token => ++n % everyNth == 0 ? " " : token.Value);
    }

    static string Up(string file)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, file)))
            directory = directory.Parent ?? throw new InvalidOperationException($"No {file} above {AppContext.BaseDirectory}.");

        return directory.FullName;
    }

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex BuildOutput();

    [GeneratedRegex(@"\w+|[^\w\s]")]
    private static partial Regex Token();
}
