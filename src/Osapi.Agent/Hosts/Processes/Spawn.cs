using System.Runtime.InteropServices;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// Starts a program with posix_spawn(3), which reports why it could not be executed. The program leads a session of its
/// own, so that it has no terminal, and begins with every signal in its default state.
/// </summary>
internal static unsafe class Spawn
{
    // More than posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t need in any libc.
    private const int StructureSize = 1024;

    private static readonly bool CanCloseRest =
        NativeLibrary.TryLoad("libc", typeof(Spawn).Assembly, null, out var libc) && NativeLibrary.TryGetExport(libc, "posix_spawn_file_actions_addclosefrom_np", out _);

    /// <summary>Starts it and gives its process id.</summary>
    /// <param name="request">What to start.</param>
    /// <param name="environment">All of its environment variables.</param>
    /// <param name="input">The descriptor for its standard input; null for an empty one.</param>
    /// <param name="output">The descriptor for its standard output.</param>
    /// <param name="error">The descriptor for its standard error.</param>
    /// <exception cref="OperationException">It cannot be started; the message says why.</exception>
    public static int Start(ProcessRequest request, IReadOnlyDictionary<string, string> environment, int? input, int output, int error)
    {
        var file = ProgramFile.Find(request.Program, environment.GetValueOrDefault("PATH"));
        CheckDirectory(request.Directory);

        var attributes = stackalloc byte[StructureSize];
        var actions = stackalloc byte[StructureSize];
        Demand(Libc.SpawnAttributesInit(attributes));
        Demand(Libc.FileActionsInit(actions));
        try
        {
            SetAttributes(attributes);
            AddActions(actions, request.Directory, input, output, error);
            using NativeTexts path = new([file]);
            using NativeTexts arguments = new([request.Program, .. request.Arguments]);
            using NativeTexts variables = new([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
            var result = Libc.PosixSpawn(out var id, *path.Pointer, actions, attributes, arguments.Pointer, variables.Pointer);
            return result == 0 ? id : throw Refusal(result, request, file);
        }
        finally
        {
            _ = Libc.FileActionsDestroy(actions);
            _ = Libc.SpawnAttributesDestroy(attributes);
        }
    }

    private static void SetAttributes(byte* attributes)
    {
        // The runtime ignores SIGPIPE; a program that did so too would write on after the reader of its pipe has gone.
        var signals = stackalloc byte[StructureSize];
        Demand(Libc.SignalSetFill(signals));
        Demand(Libc.SpawnAttributesSetDefaultSignals(attributes, signals));
        Demand(Libc.SignalSetEmpty(signals));
        Demand(Libc.SpawnAttributesSetSignalMask(attributes, signals));
        Demand(Libc.SpawnAttributesSetFlags(attributes, Libc.SpawnSetSid | Libc.SpawnSetSigDef | Libc.SpawnSetSigMask));
    }

    private static void AddActions(byte* actions, string? directory, int? input, int output, int error)
    {
        Demand(input is { } descriptor ? Libc.FileActionsAddDup2(actions, descriptor, 0) : Libc.FileActionsAddOpen(actions, 0, "/dev/null", 0, 0));
        Demand(Libc.FileActionsAddDup2(actions, output, 1));
        Demand(Libc.FileActionsAddDup2(actions, error, 2));
        // What this process opens is closed by exec; what it was started with may not be.
        if (CanCloseRest)
            Demand(Libc.FileActionsAddCloseFrom(actions, 3));
        if (directory is not null)
            Demand(Libc.FileActionsAddChdir(actions, directory));
    }

    // Looked at beforehand, because posix_spawn does not tell whether the directory or the program is the problem.
    private static void CheckDirectory(string? directory)
    {
        if (directory is null)
            return;
        if (!Directory.Exists(directory))
            throw File.Exists(directory)
                ? new OperationException(ErrorType.Conflict, $"the working directory {directory} is not a directory")
                : new OperationException(ErrorType.NotFound, $"no such working directory: {directory}");
        if (Libc.Access(directory, Libc.ExecuteAccess) != 0)
            throw new OperationException(ErrorType.Conflict, $"the working directory {directory} may not be entered");
    }

    private static OperationException Refusal(int error, ProcessRequest request, string file)
    {
        var program = request.Program;
        return error switch
        {
            Libc.NoSuchFile when File.Exists(Path.Join(file.StartsWith('/') ? "" : request.Directory, file)) =>
                new(ErrorType.Conflict, $"{program} cannot be run: the interpreter that it names is not there"),
            Libc.NoSuchFile or Libc.NotADirectory => new(ErrorType.NotFound, $"command not found: {program}"),
            Libc.AccessDenied => new(ErrorType.Conflict, $"{program} is not executable"),
            Libc.NotExecutableFormat => new(ErrorType.Conflict, $"{program} cannot be run: it is no program for this machine, and no script that names its interpreter"),
            Libc.TextBusy => new(ErrorType.Conflict, $"{program} cannot be run: it is being written"),
            Libc.TooLong => new(ErrorType.Invalid, "the arguments and environment variables are larger than the system takes"),
            Libc.TryAgain or Libc.NoMemory => new(ErrorType.Unavailable, $"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}"),
            _ => new(ErrorType.Failed, $"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}"),
        };
    }

    private static void Demand(int error)
    {
        if (error != 0)
            throw new OperationException(ErrorType.Unavailable, $"a process cannot be prepared: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
