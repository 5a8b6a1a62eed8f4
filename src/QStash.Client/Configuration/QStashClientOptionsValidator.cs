using Microsoft.Extensions.Options;

namespace QStash.Client;

sealed class QStashClientOptionsValidator : IValidateOptions<QStashClientOptions>
{
    public ValidateOptionsResult Validate(string? name, QStashClientOptions options)
    {
        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            return ValidateOptionsResult.Fail($"QStash: {exception.Message}");
        }
    }
}
