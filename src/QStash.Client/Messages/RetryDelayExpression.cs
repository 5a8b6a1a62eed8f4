using System.Globalization;

namespace QStash.Client;

// The arithmetic of Upstash-Retry-Delay (contract 3.3), read only to find mistakes: what QStash makes of a wrong expression is
// not documented, and would show hours later.
sealed class RetryDelayExpression(string text, int retried)
{
    const int DeepestNesting = 50;
    const int CheckedRetries = 10;

    int _depth;
    int _position;

    // What is wrong with an expression, or null.
    public static string? Problem(string text)
    {
        try
        {
            for (var retried = 0; retried < CheckedRetries; retried++)
            {
                if (new RetryDelayExpression(text, retried).Evaluate() is not >= 0 and var milliseconds)
                    return $"gives {milliseconds.ToString(CultureInfo.InvariantCulture)} milliseconds when retried is {retried}";
            }

            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    double Evaluate()
    {
        var result = Sum();

        return Peek() == '\0' ? result : throw Unexpected();
    }

    double Sum()
    {
        var result = Product();

        while (true)
        {
            if (Take('+'))
                result += Product();
            else if (Take('-'))
                result -= Product();
            else
                return result;
        }
    }

    double Product()
    {
        var result = Value();

        while (true)
        {
            if (Take('*'))
                result *= Value();
            else if (Take('/'))
                result /= Value();
            else if (Take('%'))
                result %= Value();
            else
                return result;
        }
    }

    double Value()
    {
        if (++_depth > DeepestNesting)
            throw new FormatException("is nested too deeply");

        double result;
        if (Take('-'))
            result = -Value();
        else if (Take('('))
            result = Closed(Sum());
        else if (char.IsAsciiDigit(Peek()))
            result = Number();
        else
            result = Named();

        _depth--;
        return result;
    }

    double Number()
    {
        var digits = TakeWhile(static c => char.IsAsciiDigit(c) || c == '.');

        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"has '{digits}', which is not a number");
    }

    double Named()
    {
        var name = TakeWhile(char.IsAsciiLetterLower);
        if (name.Length == 0)
            throw Unexpected();

        if (name == "retried")
            return retried;

        if (!Take('('))
            throw new FormatException($"has '{name}', which is neither 'retried' nor a function");

        var x = Sum();

        return name switch
        {
            "sqrt" => Closed(Math.Sqrt(x)),
            "abs" => Closed(Math.Abs(x)),
            "exp" => Closed(Math.Exp(x)),
            "floor" => Closed(Math.Floor(x)),
            "ceil" => Closed(Math.Ceiling(x)),
            "round" => Closed(Math.Round(x)),
            "pow" => Closed(Math.Pow(x, Second())),
            "min" => Closed(Math.Min(x, Second())),
            "max" => Closed(Math.Max(x, Second())),
            _ => throw new FormatException($"has the function '{name}', which QStash does not know: use pow, sqrt, abs, exp, floor, ceil, round, min or max"),
        };
    }

    double Second() => Take(',') ? Sum() : throw Unexpected();

    double Closed(double value) => Take(')') ? value : throw Unexpected();

    string TakeWhile(Func<char, bool> belongs)
    {
        var start = _position;
        while (_position < text.Length && belongs(text[_position]))
            _position++;

        return text[start.._position];
    }

    bool Take(char expected)
    {
        if (Peek() != expected)
            return false;

        _position++;
        return true;
    }

    // The next character that counts, '\0' at the end.
    char Peek()
    {
        while (_position < text.Length && text[_position] == ' ')
            _position++;

        return _position < text.Length ? text[_position] : '\0';
    }

    FormatException Unexpected() => _position < text.Length
        ? new FormatException($"has an unexpected '{text[_position]}' at position {_position + 1}")
        : new FormatException("ends too early");
}
