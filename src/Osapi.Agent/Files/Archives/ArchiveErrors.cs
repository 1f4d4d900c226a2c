using Osapi.Operations;

namespace Osapi.Agent.Files.Archives;

/// <summary>Makes the exceptions of the readers of archives, which a damaged or hostile archive causes, errors that a caller understands.</summary>
internal static class ArchiveErrors
{
    public static async Task<T> NamedAsync<T>(Func<Task<T>> readAsync)
    {
        try
        {
            return await readAsync();
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OverflowException or InvalidOperationException or NotSupportedException or IndexOutOfRangeException)
        {
            throw Damaged(broken.Message);
        }
    }

    public static OperationException Damaged(string reason) => new(ErrorType.Conflict, $"the archive is damaged, or of a kind that is not supported: {ControlCharacters.Escape(reason)}");
}
