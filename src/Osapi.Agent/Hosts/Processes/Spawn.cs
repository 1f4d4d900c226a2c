using System.Runtime.InteropServices;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The start of one program: in its control group and a session of its own from the beginning, with no terminal,
/// default signal handling, and no descriptors but its three streams.
/// </summary>
/// <param name="request">The program to start.</param>
/// <param name="environment">The complete environment.</param>
/// <param name="cgroup">The control group; null for none.</param>
internal sealed unsafe class Spawn(ProcessRequest request, IReadOnlyDictionary<string, string> environment, JobCgroup? cgroup)
{
    private readonly Lock gate = new();

    // Set while the starting thread is in the call; the kernel writes the id into it as soon as the process exists.
    private NativeSpawn.Request* current;

    /// <summary>
    /// Starts it. The calling thread must outlive the process, because the kernel sends the parent-death signal when
    /// the thread ends.
    /// </summary>
    /// <param name="input">The descriptor for standard input; null for an empty one.</param>
    /// <param name="output">The descriptor for standard output.</param>
    /// <param name="error">The descriptor for standard error.</param>
    /// <exception cref="OperationException">The program cannot be started; the message has the reason.</exception>
    public StartedProcess Start(SafeHandle? input, SafeHandle output, SafeHandle error)
    {
        var file = ProgramFile.Find(request.Program, environment.GetValueOrDefault("PATH"));
        using NativeTexts path = new([file]);
        using NativeTexts directory = new(request.Directory is { } place ? [place] : []);
        using NativeTexts arguments = new([request.Program, .. request.Arguments]);
        using NativeTexts variables = new([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        // Their owners may close them while this waits for a hanging file system.
        using HeldDescriptor inputs = new(input), outputs = new(output), errors = new(error), group = new(cgroup?.Handle);
        NativeSpawn.Request spawn = new()
        {
            File = *path.Pointer,
            Directory = *directory.Pointer,
            Arguments = arguments.Pointer,
            Environment = variables.Pointer,
            Input = inputs.Number,
            Output = outputs.Number,
            Error = errors.Number,
            Group = group.Number,
        };
        lock (gate)
            current = &spawn;
        int result;
        try
        {
            result = NativeSpawn.Start(&spawn);
        }
        finally
        {
            lock (gate)
                current = null;
        }

        return result == 0 ? new(spawn.Pid, spawn.Joined != 0) : throw SpawnErrors.Of(result, spawn.Failed, request, file);
    }

    /// <summary>
    /// Kills the process if it has not executed its program yet, as when the program's file system hangs; false when
    /// there is no such process.
    /// </summary>
    public bool KillWaiting()
    {
        lock (gate)
            return current is not null && Volatile.Read(ref current->Pid) is > 0 and var id && ProcessCalls.Kill(id, ProcessCalls.SigKill) == 0;
    }
}
