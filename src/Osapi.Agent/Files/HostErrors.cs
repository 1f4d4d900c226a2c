using Osapi.Operations;

namespace Osapi.Agent.Files;

/// <summary>Adds the path of the file to a failed system call's error.</summary>
internal static class HostErrors
{
    public static T Named<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Error(path, exception);
        }
    }

    public static async Task<T> NamedAsync<T>(string path, Func<Task<T>> workAsync)
    {
        try
        {
            return await workAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Error(path, exception);
        }
    }

    private static OperationException Error(string path, Exception exception) => new(ErrorType.Failed, $"{path}: {exception.Message.ReplaceLineEndings(" ")}");
}
