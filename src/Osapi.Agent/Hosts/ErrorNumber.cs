namespace Osapi.Agent.Hosts;

/// <summary>The kernel's error numbers (errno(3)).</summary>
internal static class ErrorNumber
{
    public const int
        NotPermitted = 1,
        NoEntry = 2,
        Interrupted = 4,
        TooLong = 7,
        NotExecutableFormat = 8,
        TryAgain = 11,
        NoMemory = 12,
        AccessDenied = 13,
        Busy = 16,
        Exists = 17,
        NotDirectory = 20,
        IsDirectory = 21,
        Invalid = 22,
        TextBusy = 26,
        ReadOnlyFileSystem = 30,
        OutOfRange = 34,
        NoSystemCall = 38,
        TooManyLinks = 40,
        NoData = 61,
        NotSupported = 95;
}
