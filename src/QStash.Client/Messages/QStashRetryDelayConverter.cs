using System.ComponentModel;
using System.Globalization;

namespace QStash.Client;

// Lets a configuration name the expression of a retry delay.
sealed class QStashRetryDelayConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? QStashRetryDelay.Expression(text) : base.ConvertFrom(context, culture, value);
}
