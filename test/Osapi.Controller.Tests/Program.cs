using Osapi.Controller.Tests.Embedded;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The test executable is also the process that the kill test kills.
if (args is [KilledSystem.Argument, var directory])
    return await KilledSystem.RunAsync(directory);
if (args is [KilledSystem.WaitArgument, var state])
    return await KilledSystem.WaitAsync(state);

// The rest is what xUnit generates.
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, Osapi.Controller.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
