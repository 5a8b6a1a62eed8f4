using System.ComponentModel;
using System.Globalization;

namespace QStash.Client;

// Lets a configuration set a callback with only its URL.
sealed class QStashCallbackSettingsConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? new QStashCallbackSettings(text) : base.ConvertFrom(context, culture, value);
}
