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

    /// <summary>Starts it.</summary>
    /// <param name="request">What to start.</param>
    /// <param name="environment">All of its environment variables.</param>
    /// <param name="input">The descriptor for its standard input; null for an empty one.</param>
    /// <param name="output">The descriptor for its standard output.</param>
    /// <param name="error">The descriptor for its standard error.</param>
    /// <param name="cgroup">The group that it is to be in; null where there is none.</param>
    /// <exception cref="OperationException">It cannot be started; the message says why.</exception>
    public static Started Start(ProcessRequest request, IReadOnlyDictionary<string, string> environment, int? input, int output, int error, JobCgroup? cgroup)
    {
        var file = ProgramFile.Find(request.Program, environment.GetValueOrDefault("PATH"));
        CheckDirectory(request.Directory);

        var attributes = stackalloc byte[StructureSize];
        Demand(Libc.SpawnAttributesInit(attributes));
        try
        {
            SetAttributes(attributes);
            using NativeTexts path = new([file]);
            using NativeTexts arguments = new([request.Program, .. request.Arguments]);
            using NativeTexts variables = new([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
            // A waiting process has its input there later.
            var gate = input is 0 ? null : StartGate.Make(cgroup);
            int id, result;
            using (gate)
                result = Call(gate, out id);
            // It may have failed at the gate, of which nobody is to hear: nothing of it was executed.
            if (result != 0 && gate?.Admitted.Count == 0)
                result = Call(null, out id);
            return result == 0 ? new(id, gate?.Admitted.Contains(id) == true) : throw Refusal(result, request, file);

            int Call(StartGate? gate, out int id)
            {
                var actions = stackalloc byte[StructureSize];
                Demand(Libc.FileActionsInit(actions));
                try
                {
                    AddActions(actions, request.Directory, input, output, error, gate);
                    return Libc.PosixSpawn(out id, *path.Pointer, actions, attributes, arguments.Pointer, variables.Pointer);
                }
                finally
                {
                    _ = Libc.FileActionsDestroy(actions);
                }
            }
        }
        finally
        {
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

    private static void AddActions(byte* actions, string? directory, int? input, int output, int error, StartGate? gate)
    {
        Demand(Libc.FileActionsAddDup2(actions, output, 1));
        Demand(Libc.FileActionsAddDup2(actions, error, 2));
        if (gate is not null)
            AddGate(actions, gate, input);
        Demand(input is { } descriptor ? Libc.FileActionsAddDup2(actions, descriptor, 0) : Libc.FileActionsAddOpen(actions, 0, "/dev/null", 0, 0));
        // What this process opens is closed by exec; what it was started with may not be.
        if (CanCloseRest)
            Demand(Libc.FileActionsAddCloseFrom(actions, 3));
        if (directory is not null)
            Demand(Libc.FileActionsAddChdir(actions, directory));
    }

    // The output streams are at their places already; the input and the gate itself are still needed where they are.
    private static void AddGate(byte* actions, StartGate gate, int? input)
    {
        var free = Enumerable.Range(3, 3).First(descriptor => descriptor != gate.Descriptor && descriptor != input);
        Demand(Libc.FileActionsAddOpen(actions, 0, gate.Sign, 0, 0));
        foreach (var way in (ReadOnlySpan<int>)[Libc.OpenReadOnly, Libc.OpenWriteOnly])
        {
            Demand(Libc.FileActionsAddOpen(actions, free, gate.Path, way, 0));
            // Its own end must not be the other one that the second opening waits for.
            Demand(Libc.FileActionsAddClose(actions, free));
        }
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
