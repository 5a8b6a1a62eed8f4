namespace QStash.Emulator.Errors;

/// <summary>Ends a request with an error. The message becomes the member <c>error</c> of the answer.</summary>
sealed class ApiException(int statusCode, string message) : Exception(message)
{
    public int StatusCode { get; } = statusCode;

    /// <summary>Headers of the answer.</summary>
    public (string Name, long Value)[] Headers { get; init; } = [];

    public static ApiException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    public static ApiException NotFound(string message) => new(StatusCodes.Status404NotFound, message);
}
