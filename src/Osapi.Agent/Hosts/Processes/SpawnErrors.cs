using System.Runtime.InteropServices;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>The reasons why a program was not started, as text.</summary>
internal static class SpawnErrors
{
    /// <summary>Creates the error for a failed step of the start.</summary>
    public static OperationException Of(int error, NativeSpawn.Step failed, ProcessRequest request, string file) => failed switch
    {
        NativeSpawn.Step.Directory => OfDirectory(error, request.Directory!),
        NativeSpawn.Step.Program => OfProgram(error, request, file),
        _ => new(ErrorType.Unavailable, $"{request.Program} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}"),
    };

    private static OperationException OfDirectory(int error, string directory) => error switch
    {
        ErrorNumber.NotDirectory when File.Exists(directory) => new(ErrorType.Conflict, $"the working directory {directory} is not a directory"),
        ErrorNumber.NoEntry or ErrorNumber.NotDirectory => new(ErrorType.NotFound, $"no such working directory: {directory}"),
        ErrorNumber.AccessDenied => new(ErrorType.Conflict, $"the working directory {directory} cannot be entered: permission denied"),
        _ => new(ErrorType.Failed, $"the working directory {directory} cannot be entered: {Marshal.GetPInvokeErrorMessage(error)}"),
    };

    private static OperationException OfProgram(int error, ProcessRequest request, string file)
    {
        var program = request.Program;
        return error switch
        {
            ErrorNumber.NoEntry when File.Exists(Path.Join(file.StartsWith('/') ? "" : request.Directory, file)) =>
                new(ErrorType.Conflict, $"{program} cannot be run: its interpreter does not exist"),
            ErrorNumber.NoEntry or ErrorNumber.NotDirectory => new(ErrorType.NotFound, $"command not found: {program}"),
            ErrorNumber.AccessDenied => new(ErrorType.Conflict, $"{program} is not executable"),
            ErrorNumber.NotExecutableFormat => new(ErrorType.Conflict, $"{program} cannot be run: it is neither a program for this machine nor a script with an interpreter"),
            ErrorNumber.TextBusy => new(ErrorType.Conflict, $"{program} cannot be run: it is being written"),
            ErrorNumber.TooLong => new(ErrorType.Invalid, "the arguments and environment variables exceed the limit of the system"),
            ErrorNumber.TryAgain or ErrorNumber.NoMemory => new(ErrorType.Unavailable, $"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}"),
            _ => new(ErrorType.Failed, $"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}"),
        };
    }
}
