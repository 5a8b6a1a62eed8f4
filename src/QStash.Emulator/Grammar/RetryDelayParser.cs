using System.Globalization;

namespace QStash.Emulator.Grammar;

/// <summary>Parses <c>+ - * / %</c>, signs, parentheses, numbers, <c>retried</c> and nine functions, by recursive descent.</summary>
sealed class RetryDelayParser(string text)
{
    // With these bounds no expression can exhaust the stack, here or when it is evaluated.
    const int LongestText = 1_000;
    const int DeepestNesting = 50;

    int _position;
    int _depth;

    public Func<double, double> Parse()
    {
        if (text.Length > LongestText)
            throw new FormatException($"it is longer than {LongestText} characters");

        var result = Sum();
        return Peek() == '\0' && _position >= text.Length ? result : throw Unexpected();
    }

    Func<double, double> Sum()
    {
        var left = Product();
        while (true)
        {
            var first = left;
            if (Take('+'))
            {
                var right = Product();
                left = retried => first(retried) + right(retried);
            }
            else if (Take('-'))
            {
                var right = Product();
                left = retried => first(retried) - right(retried);
            }
            else
            {
                return left;
            }
        }
    }

    Func<double, double> Product()
    {
        var left = Unary();
        while (true)
        {
            var first = left;
            if (Take('*'))
            {
                var right = Unary();
                left = retried => first(retried) * right(retried);
            }
            else if (Take('/'))
            {
                var right = Unary();
                left = retried => first(retried) / right(retried);
            }
            else if (Take('%'))
            {
                var right = Unary();
                left = retried => first(retried) % right(retried);
            }
            else
            {
                return left;
            }
        }
    }

    Func<double, double> Unary()
    {
        if (++_depth > DeepestNesting)
            throw new FormatException($"it is nested deeper than {DeepestNesting} levels");

        try
        {
            if (!Take('-'))
                return Primary();

            var operand = Unary();
            return retried => -operand(retried);
        }
        finally
        {
            _depth--;
        }
    }

    Func<double, double> Primary()
    {
        if (Take('('))
        {
            var inner = Sum();
            Expect(')');
            return inner;
        }

        var next = Peek();
        if (char.IsAsciiDigit(next) || next == '.')
            return Number();

        return char.IsAsciiLetter(next) ? Name() : throw Unexpected();
    }

    Func<double, double> Number()
    {
        var start = _position;
        while (_position < text.Length && (char.IsAsciiDigit(text[_position]) || text[_position] == '.'))
            _position++;

        var digits = text.AsSpan(start, _position - start);

        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            throw new FormatException($"'{text[start.._position]}' at position {start + 1} is not a number");

        return _ => value;
    }

    Func<double, double> Name()
    {
        var start = _position;
        while (_position < text.Length && char.IsAsciiLetterOrDigit(text[_position]))
            _position++;

        var name = text[start.._position];
        return name switch
        {
            "retried" => static retried => retried,
            "sqrt" => Call(Math.Sqrt),
            "abs" => Call(Math.Abs),
            "exp" => Call(Math.Exp),
            "floor" => Call(Math.Floor),
            "ceil" => Call(Math.Ceiling),
            "round" => Call(static x => Math.Round(x, MidpointRounding.AwayFromZero)),
            "pow" => Call(Math.Pow),
            "min" => CallAny(Math.Min),
            "max" => CallAny(Math.Max),
            _ => throw new FormatException($"'{name}' at position {start + 1} is neither 'retried' nor a known function"),
        };
    }

    Func<double, double> Call(Func<double, double> function)
    {
        Expect('(');
        var x = Sum();
        Expect(')');
        return retried => function(x(retried));
    }

    Func<double, double> Call(Func<double, double, double> function)
    {
        Expect('(');
        var x = Sum();
        Expect(',');
        var y = Sum();
        Expect(')');
        return retried => function(x(retried), y(retried));
    }

    Func<double, double> CallAny(Func<double, double, double> function)
    {
        Expect('(');
        List<Func<double, double>> values = [Sum()];
        do
        {
            Expect(',');
            values.Add(Sum());
        }
        while (Peek() == ',');

        Expect(')');
        return retried => values.Select(value => value(retried)).Aggregate(function);
    }

    char Peek()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;

        return _position < text.Length ? text[_position] : '\0';
    }

    bool Take(char expected)
    {
        if (Peek() != expected)
            return false;

        _position++;
        return true;
    }

    void Expect(char expected)
    {
        if (!Take(expected))
            throw new FormatException($"'{expected}' is missing at position {_position + 1}");
    }

    FormatException Unexpected() => new(_position < text.Length
        ? $"'{text[_position]}' at position {_position + 1} is not expected"
        : "it ends too early");
}
