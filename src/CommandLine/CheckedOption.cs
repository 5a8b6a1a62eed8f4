using System.CommandLine;

namespace QStash.CommandLine;

/// <summary>Options whose errors list the legal values.</summary>
static class CheckedOption
{
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="value">The name of its value in the help.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="takes">The values it takes, for the error.</param>
    /// <param name="parse">Reads a text; <see langword="null"/> if it is no value.</param>
    public static Option<T> Create<T>(string name, string value, string description, string takes, Func<string, object?> parse) => new(name)
    {
        HelpName = value,
        Description = description,
        CustomParser = result =>
        {
            if (parse(result.Tokens[0].Value) is T parsed)
                return parsed;

            result.AddError($"{name} takes {takes}.");
            return default;
        },
    };

    /// <summary>An option that may be given several times.</summary>
    public static Option<T[]> CreateMany<T>(
        string name, string value, string description, string takes, Func<string, object?> parse) => new(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = result =>
            {
                List<T> values = [];
                foreach (var token in result.Tokens)
                {
                    if (parse(token.Value) is T parsed)
                        values.Add(parsed);
                    else
                        result.AddError($"{name} takes {takes}.");
                }

                return [.. values];
            },
        };

    public static Option<T> WithDefault<T>(this Option<T> option, T value)
    {
        option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>An option that takes the value of an environment variable when it is not given.</summary>
    /// <param name="option">The option.</param>
    /// <param name="variable">Name of the variable. An empty variable counts as missing.</param>
    /// <param name="value">The default without it.</param>
    /// <param name="takes">The values it takes, for the error.</param>
    /// <param name="parse">As for the option.</param>
    public static Option<T> WithDefault<T>(this Option<T> option, string variable, T value, string takes, Func<string, object?> parse)
    {
        option.DefaultValueFactory = result =>
        {
            if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
                return value;

            if (parse(text) is T parsed)
                return parsed;

            result.AddError($"{variable} takes {takes}.");
            return value;
        };
        return option;
    }
}
